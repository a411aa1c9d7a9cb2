package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes one policy of many fragments. Higher priority comes first, then the name, so the result depends on the fragments
 * alone and never on the order in which they were seen.
 *
 * <p>Contributions are joined where joining is what both owners mean (owners of a tag, approvers of a route, rules), and
 * are a clash where it would change what one of them wrote: a host with two addresses, a group with two memberships. Of
 * two fragments that clash, the later one is left out <em>whole</em>. Half of it would be worse than nothing: its rules
 * would speak of the other fragment's group of the same name.
 *
 * <p>Lists that the service takes as sets come out sorted, and named things sorted by name, so that a published policy
 * changes only when it means something else.
 */
public final class PolicyMerger {

    private static final Comparator<PolicyFragment> PRECEDENCE =
            Comparator.comparingInt(PolicyFragment::priority).reversed().thenComparing(PolicyFragment::name);

    private final SortedMap<Place, Claim> claims = new TreeMap<>();
    private final Map<Place, PolicyFragment> firstClaimants = new HashMap<>();

    private PolicyMerger() {}

    /**
     * The policy of all fragments that can be together.
     *
     * @throws IllegalArgumentException if two fragments have the same name: the result could not be told to them
     */
    public static MergeResult merge(List<PolicyFragment> fragments) {
        requireDifferentNames(fragments);
        PolicyMerger merger = new PolicyMerger();
        Map<String, Conflict> conflicts = new LinkedHashMap<>();
        Map<String, List<String>> sections = new LinkedHashMap<>();
        for (PolicyFragment fragment : fragments.stream().sorted(PRECEDENCE).toList()) {
            SortedMap<Place, Claim> said = FragmentClaims.of(fragment);
            Optional<Conflict> conflict = merger.firstClash(fragment, said);
            if (conflict.isPresent()) {
                conflicts.put(fragment.name(), conflict.get());
            } else {
                merger.take(fragment, said);
                sections.put(
                        fragment.name(),
                        said.keySet().stream().map(Place::section).distinct().toList());
            }
        }
        return new MergeResult(merger.policy(), conflicts, sections);
    }

    private static void requireDifferentNames(List<PolicyFragment> fragments) {
        long names = fragments.stream().map(PolicyFragment::name).distinct().count();
        if (names != fragments.size()) {
            throw new IllegalArgumentException("fragments must have different names: "
                    + fragments.stream().map(PolicyFragment::name).sorted().toList());
        }
    }

    private Optional<Conflict> firstClash(PolicyFragment fragment, SortedMap<Place, Claim> said) {
        for (Map.Entry<Place, Claim> entry : said.entrySet()) {
            Claim earlier = claims.get(entry.getKey());
            PolicyFragment claimant = firstClaimants.get(entry.getKey());
            if (earlier != null && claimant != null && !earlier.accepts(entry.getValue())) {
                return Optional.of(conflict(fragment, claimant, entry.getKey(), earlier, entry.getValue()));
            }
        }
        return Optional.empty();
    }

    private static Conflict conflict(
            PolicyFragment refused, PolicyFragment first, Place place, Claim theirs, Claim ours) {
        String message = "%s cannot be merged: it says %s is %s, but %s comes first and says %s. %s"
                .formatted(
                        refused.described(),
                        place,
                        describe(ours),
                        first.described(),
                        describe(theirs),
                        refused.isAdded()
                                ? "Change or remove it in " + Quoted.of(first.name()) + "."
                                : "Make both the same, or change or remove one.");
        return new Conflict(first.name(), place.section(), String.join(".", place.key()), place.way(), message);
    }

    private static String describe(Claim claim) {
        return claim instanceof Claim.AnObject ? "an object" : Quoted.of(claim.value());
    }

    private void take(PolicyFragment fragment, SortedMap<Place, Claim> said) {
        said.forEach((place, claim) -> {
            claims.merge(place, claim, Claim::join);
            firstClaimants.putIfAbsent(place, fragment);
        });
    }

    private ObjectNode policy() {
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        claims.forEach((place, claim) -> {
            ObjectNode parent = policy;
            for (String name : place.path().subList(0, place.path().size() - 1)) {
                // Never creates: the claim of the parent itself comes first.
                parent = parent.withObjectProperty(name);
            }
            parent.set(place.last(), claim.value());
        });
        return policy;
    }
}
