package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The few mistakes that the simulated service finds in a policy by itself, in the live service's words. It is no policy
 * compiler: what else must be refused, a test says with {@link TailnetSimulator#rejectPolicyWhen}.
 */
final class PolicyCheck {

    private PolicyCheck() {}

    /** The first complaint, if there is one. */
    static Optional<String> firstError(JsonNode policy, Profile profile) {
        if (!policy.isObject()) {
            return Optional.of("policy file must be a JSON object");
        }
        try {
            var owners = HuJson.section(policy, "tagOwners");
            owners.fieldNames().forEachRemaining(tag -> checkTagName(tag, profile));
            HuJson.section(policy, "acls").forEach(rule -> checkAcl(rule, owners));
            HuJson.section(policy, "grants").forEach(rule -> checkGrant(rule, owners));
            HuJson.section(policy, "nodeAttrs")
                    .forEach(attr ->
                            HuJson.section(attr, "target").forEach(target -> checkTag("", target.asText(), owners)));
            return Optional.empty();
        } catch (ApiError e) {
            return Optional.of(e.text());
        }
    }

    private static void checkTagName(String tag, Profile profile) {
        var name = tag.startsWith("tag:") ? tag.substring("tag:".length()) : "";
        if (!tag.startsWith("tag:")) {
            throw tagOwnersError(tag, "tags must start with 'tag:'");
        }
        if (name.isEmpty()) {
            throw tagOwnersError(tag, "tag names must not be empty");
        }
        if (!name.matches("(?s)[A-Za-z].*")) {
            throw tagOwnersError(tag, "tag names must start with a letter, after 'tag:'");
        }
        // Headscale takes anything after the first letter.
        if (profile == Profile.SAAS && !name.matches("[A-Za-z0-9-]+")) {
            throw tagOwnersError(tag, "tag names can only contain numbers, letters, or dashes");
        }
    }

    private static ApiError tagOwnersError(String tag, String complaint) {
        return ApiError.badRequest("tagOwners[\"" + tag + "\"]: " + complaint);
    }

    private static void checkAcl(JsonNode rule, JsonNode owners) {
        var action = HuJson.section(rule, "action").asText();
        if (!action.equals("accept")) {
            throw ApiError.badRequest("action=\"" + action + "\" is not supported");
        }
        checkSources(rule, "src", owners);
        checkSources(rule, "users", owners);
        HuJson.section(rule, "dst").forEach(dst -> checkDestination(dst.asText(), owners));
        HuJson.section(rule, "ports").forEach(dst -> checkDestination(dst.asText(), owners));
    }

    private static void checkGrant(JsonNode rule, JsonNode owners) {
        checkSources(rule, "src", owners);
        HuJson.section(rule, "dst").forEach(dst -> checkTag("dst=\"" + dst.asText() + "\": ", dst.asText(), owners));
        for (var via : HuJson.section(rule, "via")) {
            if (!via.asText().startsWith("tag:")) {
                throw ApiError.badRequest("via can only be a tag");
            }
            if (!owners.has(via.asText())) {
                throw ApiError.badRequest("tag \"" + via.asText() + "\" not found");
            }
        }
        if (HuJson.section(rule, "ip").isEmpty() && HuJson.section(rule, "app").isEmpty()) {
            throw ApiError.badRequest("ip and app can not both be empty");
        }
    }

    private static void checkSources(JsonNode rule, String field, JsonNode owners) {
        HuJson.section(rule, field).forEach(src -> checkTag("src=", src.asText(), owners));
    }

    /** An ACL's destination carries its ports after the last colon. */
    private static void checkDestination(String destination, JsonNode owners) {
        var colon = destination.lastIndexOf(':');
        var host = colon < 0 ? destination : destination.substring(0, colon);
        checkTag("dst=\"" + destination + "\": ", host, owners);
    }

    private static void checkTag(String prefix, String selector, JsonNode owners) {
        if (selector.startsWith("tag:") && !owners.has(selector)) {
            throw ApiError.badRequest(prefix + "tag not found: \"" + selector + "\"");
        }
    }
}
