package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.PolicyImpact;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.policy.Fragments.Read;
import com.xonetwork.tailnet.policy.document.Conflict;
import com.xonetwork.tailnet.policy.document.PolicyFragment;
import com.xonetwork.tailnet.policy.document.PolicyMerger;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Abridged;
import com.xonetwork.tailnet.status.Conditions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Tailnet's AclPolicies put together. Observed ones are merged apart, so that what they would clash with is known while
 * they change nothing.
 *
 * @param inOrder every AclPolicy, in the order of the merge
 * @param refusals why an AclPolicy cannot be used, by name
 * @param observed the usable ones that are not enforced, in the order of the merge
 * @param parts what the merged policy is made of: the enforced ones, and what is added
 * @param added what other kinds contribute; the name of each is its origin
 * @param leftOut why something of them is left out, by origin
 * @param view the merged policy of the enforced ones, with what is added
 * @param said the merged policy of the enforced ones alone: what users can compare with the one in force
 */
@Pure
record MergedFragments(
        List<AclPolicy> inOrder,
        Map<String, Refusal> refusals,
        List<PolicyFragment> observed,
        List<PolicyFragment> parts,
        List<PolicyFragment> added,
        Map<String, Conflict> leftOut,
        PolicyView view,
        PolicyView said) {

    /** Order of the merge: higher priority first, then by name. */
    private static final Comparator<AclPolicy> ORDER = Comparator.comparing(
                    (AclPolicy policy) -> -policy.getSpec().priority())
            .thenComparing(policy -> policy.getMetadata().getName());

    /** Why a fragment is left out. */
    record Refusal(State state, String message) {}

    /**
     * What policies would change.
     *
     * @param merged of the merged policy; null if it is in force or that is not known
     * @param observed of observed fragments, by name
     */
    record Impacts(@Nullable PolicyImpact merged, Map<String, PolicyImpact> observed) {
        static final Impacts NONE = new Impacts(null, Map.of());
    }

    /**
     * @param policies of one Tailnet
     * @param contributions of other kinds, to add to them
     * @param syntax of the Tailnet; empty while that is not known
     */
    static MergedFragments of(
            List<AclPolicy> policies, List<PolicyContribution> contributions, Optional<PolicySyntax> syntax) {
        var rules = syntax.orElseGet(TailnetSyntax::loosest);
        var inOrder = policies.stream().sorted(ORDER).toList();
        var refusals = new HashMap<String, Refusal>();
        var enforced = new ArrayList<PolicyFragment>();
        var observed = new ArrayList<PolicyFragment>();
        for (var policy : inOrder) {
            switch (Fragments.read(policy, rules)) {
                case Read.Unusable unusable ->
                    refusals.put(policy.getMetadata().getName(), new Refusal(State.INVALID, unusable.message()));
                case Read.Usable usable -> {
                    (isEnforced(policy) ? enforced : observed).add(usable.fragment());
                }
            }
        }
        leaveOutTooMany(refusals, enforced, observed);
        var merge = PolicyMerger.merge(enforced);
        addTrial(refusals, PolicyMerger.merge(joined(enforced, observed)).conflicts(), inOrder);
        merge.conflicts().forEach((name, conflict) -> refusals.put(name, refusal(inOrder, name, "", conflict)));
        var said = new PolicyView(merge.policy());
        var added = contributions.stream()
                .flatMap(one -> one
                        .fragment(said.tags(), rules)
                        .map(content -> new PolicyFragment(one.origin(), PolicyFragment.ADDED, content))
                        .stream())
                .toList();
        var parts = joined(enforced, added);
        var whole = added.isEmpty() ? merge : PolicyMerger.merge(parts);
        var leftOut = new LinkedHashMap<>(whole.conflicts());
        leftOut.keySet().retainAll(added.stream().map(PolicyFragment::name).toList());
        observed.removeIf(fragment -> refusals.containsKey(fragment.name()));
        return new MergedFragments(
                inOrder,
                Map.copyOf(refusals),
                List.copyOf(observed),
                parts,
                added,
                leftOut,
                added.isEmpty() ? said : new PolicyView(whole.policy()),
                said);
    }

    /** Who adds to this section, as a message names them; empty when only users wrote it. */
    String addedBy(String section) {
        return added.stream()
                .filter(one -> one.content().has(section))
                .map(PolicyFragment::name)
                .collect(Collectors.joining(", "));
    }

    /** {@code the autoApprovers of SubnetRoutes and ExitNodes}. */
    String additions() {
        return added.stream()
                .map(one -> "the "
                        + String.join(
                                ", ",
                                one.content().properties().stream()
                                        .map(Map.Entry::getKey)
                                        .toList()) + " of " + one.name())
                .collect(Collectors.joining(", and "));
    }

    /** Origin of the first contribution that cannot be added, and why. */
    Optional<Map.Entry<String, Conflict>> firstLeftOut() {
        return leftOut.entrySet().stream().findFirst();
    }

    /** Those that are in force first: one that is only observed keeps none of them out. */
    private static void leaveOutTooMany(
            Map<String, Refusal> refusals, List<PolicyFragment> enforced, List<PolicyFragment> observed) {
        var load = PolicyLoad.NONE;
        for (var fragments : List.of(enforced, observed)) {
            for (var each = fragments.iterator(); each.hasNext(); ) {
                var fragment = each.next();
                var with = load.plus(PolicyLoad.of(fragment));
                var excess = with.excess();
                if (excess.isPresent()) {
                    refusals.put(fragment.name(), new Refusal(State.INVALID, excess.get()));
                    each.remove();
                } else {
                    load = with;
                }
            }
        }
    }

    private static List<PolicyFragment> joined(List<PolicyFragment> some, List<PolicyFragment> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Where users wrote what the merged policy says. */
    WrittenPlaces written() {
        return written(view, parts);
    }

    private WrittenPlaces written(PolicyView policy, List<PolicyFragment> of) {
        return new WrittenPlaces(
                policy,
                of,
                inOrder.stream()
                        .collect(Collectors.toMap(one -> one.getMetadata().getName(), Function.identity())));
    }

    /** What the first observed ones would make of the merged policy, each by itself: by name. */
    Map<String, WrittenPlaces> trials(int most) {
        var trials = new LinkedHashMap<String, WrittenPlaces>();
        observed.stream().limit(most).forEach(fragment -> {
            var with = joined(parts, List.of(fragment));
            trials.put(
                    fragment.name(),
                    written(new PolicyView(PolicyMerger.merge(with).policy()), with));
        });
        return trials;
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
                refusals.put(leftOut, refusal(policies, leftOut, "", conflict));
            } else if (observed.contains(conflict.with())) {
                refusals.putIfAbsent(
                        conflict.with(), refusal(policies, conflict.with(), "if it were enforced, ", conflict));
            }
        });
    }

    /** @param name whose line is to be told */
    private static Refusal refusal(List<AclPolicy> policies, String name, String when, Conflict conflict) {
        var line = policies.stream()
                .filter(policy -> policy.getMetadata().getName().equals(name))
                .findFirst()
                .map(policy -> WrittenPlaces.place(policy, conflict.path()) + ": ")
                .orElse("");
        return new Refusal(State.CONFLICT, line + when + conflict.message());
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
     * @param refused why what one says is refused, by name
     */
    TailnetPolicyStatus status(
            State enforced,
            @Nullable String why,
            @Nullable String inForceHash,
            Impacts impacts,
            Map<String, String> refused) {
        // It stands in the status once for each part.
        var briefly = why == null ? null : Abridged.text(why, Conditions.MAX_MESSAGE);
        var fragments = inOrder.stream()
                .map(policy -> {
                    var name = policy.getMetadata().getName();
                    var generation = policy.getMetadata().getGeneration();
                    var refusal = refusals.get(name);
                    if (refusal != null) {
                        return new PolicyFragmentStatus(name, generation, refusal.state(), refusal.message());
                    }
                    if (refused.containsKey(name)) {
                        return new PolicyFragmentStatus(name, generation, State.INVALID, refused.get(name));
                    }
                    return isEnforced(policy)
                            ? new PolicyFragmentStatus(name, generation, enforced, briefly)
                            : new PolicyFragmentStatus(
                                    name,
                                    generation,
                                    State.OBSERVED,
                                    null,
                                    impacts.observed().get(name));
                })
                .toList();
        return new TailnetPolicyStatus(
                hasEnforced() ? view.fingerprint() : null, inForceHash, fragments, impacts.merged());
    }

    private static boolean isEnforced(AclPolicy policy) {
        return policy.getSpec().mode() == Mode.ENFORCE;
    }
}
