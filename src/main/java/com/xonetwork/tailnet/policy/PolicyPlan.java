package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.DocumentOutcome;
import com.xonetwork.tailnet.document.DocumentPlan;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about a tailnet's policy file, and what is to be said of it.
 *
 * @param fact the Tailnet's {@code PolicyInSync}
 * @param status null while there is no AclPolicy
 * @param takesOver the policy in force is already as wanted: from now on it is this Tailnet's, without a write
 * @param nextTry until a publication that failed may be tried again; empty when none rests
 * @param after how it stands once the publication was tried. What that plan wants to publish is for the next reconciliation
 */
public record PolicyPlan(
        Fact fact,
        @Nullable TailnetPolicyStatus status,
        Optional<Publication> publication,
        boolean takesOver,
        Optional<Duration> nextTry,
        Function<DocumentOutcome<PolicyPrecondition>, PolicyPlan> after)
        implements DocumentPlan<PolicyPrecondition> {

    /** What is wrong only until the rest of an apply comes, if it does: AclPolicies are published together. */
    public static final Set<Reason> SETTLING = Set.of(
            Reason.FRAGMENT_NOT_ACCEPTED,
            Reason.POLICY_REJECTED,
            Reason.POLICY_EMPTY,
            Reason.TAG_IN_USE,
            Reason.HELD_BY_GUARD);

    /** How it stands after what was performed. @param outcome empty when nothing was sent */
    public PolicyPlan after(Optional<DocumentOutcome<PolicyPrecondition>> outcome) {
        return outcome.map(after).orElse(this);
    }

    @Override
    public Optional<String> takenOver() {
        return takesOver && status != null ? Optional.ofNullable(status.mergedHash()) : Optional.empty();
    }

    /**
     * A policy to put in force.
     *
     * @param condition what must be in force for it
     * @param hash of its meaning, whatever the formatting
     */
    public record Publication(String text, PolicyPrecondition condition, String hash)
            implements DocumentPlan.Write<PolicyPrecondition> {}
}
