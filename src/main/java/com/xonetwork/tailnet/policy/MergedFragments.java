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

    /** Why a fragment is left out. */
    record Refusal(State state, String message) {}

    static MergedFragments of(List<AclPolicy> policies) {
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
        addConflicts(refusals, PolicyMerger.merge(all).conflicts(), inOrder, Mode.OBSERVE);
        addConflicts(refusals, merge.conflicts(), inOrder, Mode.ENFORCE);
        return new MergedFragments(inOrder, Map.copyOf(refusals), new PolicyView(merge.policy()));
    }

    private static void addConflicts(
            Map<String, Refusal> refusals, Map<String, Conflict> conflicts, List<AclPolicy> policies, Mode mode) {
        for (var policy : policies) {
            var name = policy.getMetadata().getName();
            var conflict = conflicts.get(name);
            if (conflict != null && policy.getSpec().mode() == mode) {
                refusals.put(name, new Refusal(State.CONFLICT, conflict.message()));
            }
        }
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
