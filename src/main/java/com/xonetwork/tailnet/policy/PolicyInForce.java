package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.ForeignPolicy;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.policy.document.PolicyMark;
import com.xonetwork.tailnet.policy.document.PolicySyntaxException;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.pure.Pure;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The policy that a tailnet has now, and whose it is. */
@Pure
final class PolicyInForce {

    private final PolicyInput input;
    private final @Nullable PolicyDocument document;
    private final @Nullable PolicyView view;
    private final PolicyView said;

    /** @param said the policy that enforced AclPolicies say */
    PolicyInForce(PolicyInput input, PolicyView said) {
        this.input = input;
        this.said = said;
        document = input.view().document(DocumentKind.POLICY).document();
        view = document == null ? null : viewOf(document);
    }

    private static @Nullable PolicyView viewOf(PolicyDocument document) {
        try {
            return PolicyView.of(document.text());
        } catch (PolicySyntaxException e) {
            return null;
        }
    }

    /** Null when none was ever set, or it cannot be parsed. */
    @Nullable
    PolicyView view() {
        return view;
    }

    boolean means(PolicyView other) {
        return view != null && view.sameAs(other);
    }

    @Nullable
    String hash() {
        return view == null ? null : view.fingerprint();
    }

    /** What lets packets through now: where none was ever set, everything passes. Empty if it cannot be parsed. */
    Optional<PolicyView> effective() {
        return document == null ? Optional.of(PolicyView.of("{}")) : Optional.ofNullable(view);
    }

    /**
     * Somebody else's: marked by another, or not marked by us and not taken over before; and not nothing. Another's mark
     * counts more than our having owned the policy: two that own it would overwrite each other for ever.
     */
    boolean isForeign() {
        var isBlank = view != null && view.isBlank();
        return document != null
                && !isBlank
                && (isMarkedByAnother()
                        || (!input.notes().owned() && markOwner().isEmpty() && !isDescribed()));
    }

    /** AclPolicies say all that it says: whoever wrote it, nothing of it is lost by what the operator adds. */
    private boolean isDescribed() {
        return view != null && view.sameAs(said);
    }

    /** Neither somebody else's nor nothing. */
    boolean isOurs() {
        return view != null && !view.isBlank() && !isForeign();
    }

    boolean isMarkedByAnother() {
        return markOwner()
                .filter(owner -> !owner.equals(input.tailnet().toString()))
                .isPresent();
    }

    /** The Tailnet that the policy in force says it is published by. */
    Optional<String> markOwner() {
        return document == null ? Optional.empty() : PolicyMark.ownerIn(document.text());
    }

    /**
     * The service's own default cannot be told from a foreign policy by reading. Where the service compares for us, it is
     * asked to replace its default and nothing else; its refusal is the proof.
     */
    boolean mayBeDefault() {
        return input.view().can(Capability.POLICY_ATOMIC_WRITE)
                && markOwner().isEmpty()
                && !(input.failed() != null
                        && input.failed().condition() instanceof PolicyPrecondition.NeverSet
                        && input.failed().failure() instanceof ControlPlaneException.Conflict);
    }

    /** What must still be true when another takes its place. */
    PolicyPrecondition precondition() {
        if (document == null || (isForeign() && input.spec().onForeignPolicy() == ForeignPolicy.REFUSE)) {
            return new PolicyPrecondition.NeverSet();
        }
        return new PolicyPrecondition.Matches(document.etag());
    }

    /** Where it differs from the merged policy; where only what is added differs, users cannot mend it, and it is said whose that is. */
    String differencesTo(MergedFragments merged) {
        if (view == null) {
            return document == null ? "(no policy was ever set)" : "(the policy in force cannot be parsed)";
        }
        var other = merged.view();
        var sections = new TreeSet<String>();
        view.policy().fieldNames().forEachRemaining(sections::add);
        other.policy().fieldNames().forEachRemaining(sections::add);
        sections.removeIf(section ->
                Objects.equals(view.policy().get(section), other.policy().get(section)));
        return sections.stream()
                .map(section ->
                        Objects.equals(view.policy().get(section), said.policy().get(section))
                                ? section + " (only by what the operator adds for " + merged.addedBy(section) + ")"
                                : section)
                .collect(Collectors.joining(", ", "in ", ""));
    }
}
