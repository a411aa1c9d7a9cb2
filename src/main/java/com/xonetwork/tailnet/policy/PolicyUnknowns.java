package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a policy decides on and the device list does not tell. Rules that depend on it are taken as if nobody fulfilled
 * them, so that more may pass than we know of: said with every impact, and no test is judged then.
 */
final class PolicyUnknowns {

    private static final List<String> RULES = List.of("acls", "grants", "ssh", "tests", "sshTests", "groups");
    private static final Pattern ROLE =
            Pattern.compile("autogroup:(owner|admin|it-admin|network-admin|billing-admin|auditor)(:.*)?");
    private static final Pattern DIRECTORY_GROUP = Pattern.compile("group:[^@]+@.*");

    private PolicyUnknowns() {}

    /** In words; none if all is known. */
    static List<String> of(ObjectNode policy) {
        var unknown = new ArrayList<String>();
        if (mentions(policy, ROLE.asMatchPredicate())) {
            unknown.add("roles of users (autogroup:admin and the like)");
        }
        if (mentions(policy, DIRECTORY_GROUP.asMatchPredicate())) {
            unknown.add("members of directory groups");
        }
        if (mentions(policy, text -> text.startsWith("svc:"))) {
            unknown.add("addresses of services (svc:)");
        }
        if (mentions(policy, text -> text.startsWith("autogroup:shared"))) {
            unknown.add("users of other tailnets (autogroup:shared)");
        }
        if (hasPostures(policy)) {
            unknown.add("postures of devices");
        }
        return List.copyOf(unknown);
    }

    private static boolean hasPostures(ObjectNode policy) {
        return !policy.path("defaultSrcPosture").isEmpty()
                || Stream.of("acls", "grants", "ssh")
                        .flatMap(section -> policy.path(section).valueStream())
                        .anyMatch(rule -> !rule.path("srcPosture").isEmpty());
    }

    private static boolean mentions(ObjectNode policy, Predicate<String> text) {
        return RULES.stream().anyMatch(section -> contains(policy.path(section), text));
    }

    private static boolean contains(JsonNode json, Predicate<String> text) {
        return json.isTextual()
                ? text.test(json.textValue())
                : json.valueStream().anyMatch(inner -> contains(inner, text))
                        || json.propertyStream().anyMatch(field -> text.test(field.getKey()));
    }
}
