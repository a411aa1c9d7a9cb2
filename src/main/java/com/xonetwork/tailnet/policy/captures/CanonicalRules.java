package com.xonetwork.tailnet.policy.captures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The form in which rules are compared: one text a rule, members of objects sorted by name. A packet filter is a sum: its
 * rules, and the sources, destinations and protocols in each, are sorted. Of SSH rules the first that matches counts: their
 * order stays, and only the principals in each are sorted. Repetitions always count.
 */
final class CanonicalRules {

    private CanonicalRules() {}

    static List<String> packetFilter(JsonNode rules) {
        return rules.valueStream()
                .map(rule -> sorted(rule, "SrcIPs", "DstPorts", "IPProto", "CapGrant"))
                .sorted()
                .toList();
    }

    static List<String> sshRules(JsonNode rules) {
        return rules.valueStream().map(rule -> sorted(rule, "principals")).toList();
    }

    private static String sorted(JsonNode rule, String... lists) {
        ObjectNode copy = rule.deepCopy();
        for (JsonNode grant : copy.path("CapGrant")) {
            if (grant instanceof ObjectNode object) {
                sort(object, "Dsts");
            }
        }
        for (String list : lists) {
            sort(copy, list);
        }
        return byName(copy).toString();
    }

    private static void sort(ObjectNode object, String field) {
        if (object.get(field) instanceof ArrayNode array) {
            List<JsonNode> elements = array.valueStream()
                    .map(CanonicalRules::byName)
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList();
            array.removeAll().addAll(elements);
        }
    }

    private static JsonNode byName(JsonNode json) {
        if (json instanceof ArrayNode array) {
            Stream<JsonNode> elements = array.valueStream().map(CanonicalRules::byName);
            return array.arrayNode().addAll(elements.toList());
        }
        if (json instanceof ObjectNode object) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            object.properties().forEach(member -> members.put(member.getKey(), byName(member.getValue())));
            return object.objectNode().setAll(members);
        }
        return json;
    }
}
