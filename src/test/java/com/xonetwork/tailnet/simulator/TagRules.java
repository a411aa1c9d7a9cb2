package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Set;

/** Which tags a caller may put on devices and keys: those that the policy now in force declares and lets it own. */
final class TagRules {

    private final PolicyStore policy;

    TagRules(PolicyStore policy) {
        this.policy = policy;
    }

    /** Refuses tags that the policy does not declare or does not let the caller hand out. */
    void check(Collection<String> requested, Caller caller) {
        var owners = HuJson.section(policy.json(), "tagOwners");
        if (!requested.stream().allMatch(owners::has) || !permitted(requested, caller, owners)) {
            throw ApiError.tagsRefused(requested);
        }
    }

    /** An OAuth client hands out exactly its own tags, or tags that they own. */
    private static boolean permitted(Collection<String> requested, Caller caller, JsonNode owners) {
        var own = caller.tags();
        return own.isEmpty()
                || own.equals(Set.copyOf(requested))
                || requested.stream().allMatch(tag -> ownedBy(own, owners.path(tag)));
    }

    private static boolean ownedBy(Set<String> tags, JsonNode ownersOfTag) {
        for (var owner : ownersOfTag) {
            if (tags.contains(owner.asText())) {
                return true;
            }
        }
        return false;
    }
}
