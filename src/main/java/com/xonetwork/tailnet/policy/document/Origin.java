package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.hujson.HuPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where a fragment says what stands at a place of the merged policy. The service and the engine know the merged policy alone, whose
 * lists are joined and sorted; its places mean nothing to those who wrote the fragments.
 *
 * @param path in the content of the fragment
 */
public record Origin(PolicyFragment fragment, HuPath path) {

    /**
     * All fragments that say it, in their order: a rule that two of them have is in the policy once. None if the place is
     * the root, or nowhere in the policy.
     *
     * @param merged what {@link PolicyMerger} made of these fragments
     */
    public static List<Origin> of(HuPath place, ObjectNode merged, List<PolicyFragment> fragments) {
        return place.steps().isEmpty()
                ? List.of()
                : fragments.stream()
                        .flatMap(fragment -> in(fragment, place, merged).stream())
                        .toList();
    }

    private static Optional<Origin> in(PolicyFragment fragment, HuPath place, ObjectNode merged) {
        JsonNode there = merged;
        JsonNode here = fragment.content();
        List<HuPath.Step> path = new ArrayList<>();
        for (HuPath.Step step : place.steps()) {
            HuPath.Step own = step;
            if (step instanceof HuPath.Element(int index)) {
                JsonNode element = there.path(index);
                int found = element.isMissingNode() ? -1 : indexOf(element, here, index);
                own = new HuPath.Element(found);
                there = element;
                here = here.path(found);
            } else if (step instanceof HuPath.Member(String name)) {
                there = there.path(name);
                here = here.path(name);
            }
            if (there.isMissingNode() && step instanceof HuPath.Member && !path.isEmpty()) {
                // The place names something that lacks: what it lacks from is the best there is.
                break;
            }
            boolean isAbsentSection = path.isEmpty() && here.isNull();
            if (here.isMissingNode() || isAbsentSection) {
                return Optional.empty();
            }
            path.add(own);
        }
        return Optional.of(new Origin(fragment, new HuPath(path)));
    }

    /** Where a list has what another has at an index: there too, if it is the same list. */
    private static int indexOf(JsonNode element, JsonNode list, int index) {
        if (!(list instanceof ArrayNode)) {
            return -1;
        }
        if (element.equals(list.get(index))) {
            return index;
        }
        // Equality is quick, and misses only what is the same written differently, as 1 and 1.0.
        int found = first(list, element::equals);
        if (found >= 0) {
            return found;
        }
        String wanted = CanonicalForm.of(element);
        return first(list, one -> CanonicalForm.of(one).equals(wanted));
    }

    private static int first(JsonNode list, Predicate<JsonNode> test) {
        for (int i = 0; i < list.size(); i++) {
            if (test.test(list.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
