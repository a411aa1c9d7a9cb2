package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.policy.Fragments.Read;
import com.xonetwork.tailnet.policy.document.Conflict;
import com.xonetwork.tailnet.policy.document.PolicyFragment;
import com.xonetwork.tailnet.policy.document.PolicyMerger;
import com.xonetwork.tailnet.policy.document.PolicyView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Tailnet's AclPolicies put together. Observed ones are merged apart, so that what they would clash with is known while
 * they change nothing.
 *
 * @param inOrder every AclPolicy, in the order of the merge
 * @param refusals why an AclPolicy cannot be used, by name
 * @param view the merged policy of the enforced ones
 */
record MergedFragments(List<AclPolicy> inOrder, Map<String, Refusal> refusals, PolicyView view) {

    /** Order of the merge: higher priority first, then by name. */
    private static final Comparator<AclPolicy> ORDER = Comparator.comparing(
                    (AclPolicy policy) -> -policy.getSpec().priority())
            .thenComparing(policy -> policy.getMetadata().getName());

    /** Cannot be an AclPolicy's name. */
    private static final String APPROVERS = "(SubnetRoutes and ExitNodes)";

    /** Why a fragment is left out. */
    record Refusal(State state, String message) {}

    /**
     * @param policies of one Tailnet
     * @param approvers to add to them
     */
    static MergedFragments of(List<AclPolicy> policies, Optional<AutoApprovers> approvers) {
        var inOrder = policies.stream().sorted(ORDER).toList();
        var refusals = new HashMap<String, Refusal>();
        var enforced = new ArrayList<PolicyFragment>();
        var all = new ArrayList<PolicyFragment>();
        for (var policy : inOrder) {
            switch (Fragments.read(policy)) {
                case Read.Unusable unusable ->
                    refusals.put(policy.getMetadata().getName(), new Refusal(State.INVALID, unusable.message()));
                case Read.Usable usable -> {
                    all.add(usable.fragment());
                    if (isEnforced(policy)) {
                        enforced.add(usable.fragment());
                    }
                }
            }
        }
        var merge = PolicyMerger.merge(enforced);
        addTrial(refusals, PolicyMerger.merge(all).conflicts(), inOrder);
        merge.conflicts().forEach((name, conflict) -> refusals.put(name, refusal(conflict.message())));
        var view = new PolicyView(merge.policy());
        return new MergedFragments(
                inOrder,
                Map.copyOf(refusals),
                approvers
                        .flatMap(them -> them.fragment(view.tags()))
                        .map(fragment -> new PolicyFragment(APPROVERS, Integer.MIN_VALUE, fragment))
                        .map(fragment -> withMore(enforced, fragment))
                        .orElse(view));
    }

    /** Approvers of one route are joined, so this clashes with nothing. */
    private static PolicyView withMore(List<PolicyFragment> fragments, PolicyFragment more) {
        var all = new ArrayList<>(fragments);
        all.add(more);
        return new PolicyView(PolicyMerger.merge(all).policy());
    }

    /** What an observed one would do if it were enforced: be left out, or leave out an enforced one that comes later. */
    private static void addTrial(
            Map<String, Refusal> refusals, Map<String, Conflict> conflicts, List<AclPolicy> policies) {
        var observed = policies.stream()
                .filter(policy -> !isEnforced(policy))
                .map(policy -> policy.getMetadata().getName())
                .collect(Collectors.toSet());
        conflicts.forEach((leftOut, conflict) -> {
            if (observed.contains(leftOut)) {
                refusals.put(leftOut, refusal(conflict.message()));
            } else if (observed.contains(conflict.with())) {
                refusals.putIfAbsent(conflict.with(), refusal("if it were enforced, " + conflict.message()));
            }
        });
    }

    private static Refusal refusal(String conflict) {
        return new Refusal(State.CONFLICT, conflict);
    }

    boolean hasEnforced() {
        return inOrder.stream().anyMatch(MergedFragments::isEnforced);
    }

    /** Name and reason of the first enforced AclPolicy that cannot be used. */
    Optional<String> firstUnusable() {
        return inOrder.stream()
                .filter(MergedFragments::isEnforced)
                .map(policy -> policy.getMetadata().getName())
                .flatMap(name -> Optional.ofNullable(refusals.get(name)).stream()
                        .map(refusal -> "AclPolicy " + name + ": " + refusal.message()))
                .findFirst();
    }

    /**
     * @param enforced where the usable enforced ones stand
     * @param why for those that are not in force
     */
    TailnetPolicyStatus status(State enforced, @Nullable String why, @Nullable String inForceHash) {
        var fragments = inOrder.stream()
                .map(policy -> {
                    var name = policy.getMetadata().getName();
                    var generation = policy.getMetadata().getGeneration();
                    var refusal = refusals.get(name);
                    if (refusal != null) {
                        return new PolicyFragmentStatus(name, generation, refusal.state(), refusal.message());
                    }
                    return isEnforced(policy)
                            ? new PolicyFragmentStatus(name, generation, enforced, why)
                            : new PolicyFragmentStatus(name, generation, State.OBSERVED, null);
                })
                .toList();
        return new TailnetPolicyStatus(hasEnforced() ? view.fingerprint() : null, inForceHash, fragments);
    }

    private static boolean isEnforced(AclPolicy policy) {
        return policy.getSpec().mode() == Mode.ENFORCE;
    }
}
