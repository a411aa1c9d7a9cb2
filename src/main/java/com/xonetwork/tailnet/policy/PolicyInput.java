package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicySpec;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.FailedWrite;
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
 * @param failed the last publication that failed and is not to be tried again yet
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
        @Nullable FailedWrite<PolicyPrecondition> failed) {}
