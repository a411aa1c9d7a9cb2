package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicySpec;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.DocumentOutcome;
import com.xonetwork.tailnet.document.FailedWrite;
import com.xonetwork.tailnet.document.RestingWrite;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link PolicyPlanner} decides on.
 *
 * @param policies those of this Tailnet
 * @param notes what was noted on the Tailnet before, by us and by humans
 * @param contributions what other kinds add to the policy file, each with another origin
 * @param tagsInUse tags that devices of managed nodes carry, with the names of these nodes
 * @param syntax by whose rules the policy goes; empty while that is not known
 * @param resting the last publication, if it failed and is not to be tried again yet
 * @param foresight of this tailnet; what it answers depends on what it is asked alone
 */
public record PolicyInput(
        TailnetKey tailnet,
        TailnetPolicySpec spec,
        List<AclPolicy> policies,
        TailnetView view,
        PolicyNotes notes,
        List<PolicyContribution> contributions,
        Map<String, SortedSet<String>> tagsInUse,
        Optional<PolicySyntax> syntax,
        Optional<RestingWrite<PolicyPrecondition>> resting,
        PolicyForesight foresight) {

    /** The same after a publication was tried. */
    PolicyInput after(DocumentOutcome<PolicyPrecondition> outcome) {
        return new PolicyInput(
                tailnet,
                spec,
                policies,
                outcome.view(),
                notes,
                contributions,
                tagsInUse,
                syntax,
                outcome.resting(),
                foresight);
    }

    /** The publication that is not to be tried again yet; null when there is none. */
    @Nullable
    FailedWrite<PolicyPrecondition> failed() {
        return resting.map(RestingWrite::failed).orElse(null);
    }
}
