package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random policies out of few names, so that fragments meet, agree and clash. */
final class PolicyArbitraries {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PolicyArbitraries() {}

    /** Any JSON that a text can hold, including what is no sensible policy. */
    static Arbitrary<JsonNode> json(int depth) {
        Arbitrary<JsonNode> scalar = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(12).map(NODES::textNode),
                Arbitraries.integers().map(NODES::numberNode),
                Arbitraries.bigDecimals().ofScale(3).map(DecimalNode::valueOf),
                Arbitraries.of(true, false).map(NODES::booleanNode),
                Arbitraries.just(NODES.nullNode()));
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<JsonNode> array = json(depth - 1).list().ofMaxSize(4).map(PolicyArbitraries::array);
        return Arbitraries.oneOf(scalar, array, object(depth).map(object -> object));
    }

    static Arbitrary<ObjectNode> object(int depth) {
        return Arbitraries.maps(Arbitraries.strings().ofMaxLength(8), json(depth - 1))
                .ofMaxSize(4)
                .map(PolicyArbitraries::object);
    }

    /** A policy whose sections are of the right kind, or now and then of any. */
    static Arbitrary<ObjectNode> policy() {
        Arbitrary<Map<String, JsonNode>> sections = Arbitraries.maps(
                Arbitraries.of(
                        "groups",
                        "hosts",
                        "tagOwners",
                        "autoApprovers",
                        "postures",
                        "acls",
                        "grants",
                        "tests",
                        "derpMap",
                        "disableIPv4",
                        "novelty"),
                Arbitraries.just(NODES.nullNode()));
        return sections.flatMap(names -> {
            List<Arbitrary<Map.Entry<String, JsonNode>>> fields = new ArrayList<>();
            names.keySet()
                    .forEach(name -> fields.add(
                            Arbitraries.frequencyOf(List.of(Tuple.of(15, section(name)), Tuple.of(1, json(2))))
                                    .map(value -> Map.entry(name, value))));
            return Combinators.combine(fields).as(entries -> {
                ObjectNode policy = NODES.objectNode();
                entries.forEach(entry -> policy.set(entry.getKey(), entry.getValue()));
                return Section.canonicalNames(policy);
            });
        });
    }

    static Arbitrary<List<PolicyFragment>> fragments() {
        Arbitrary<List<String>> names = Arbitraries.of("a", "b", "c", "d", "e", "f")
                .list()
                .uniqueElements()
                .ofMaxSize(5);
        return names.flatMap(unique -> Combinators.combine(unique.stream()
                        .map(name -> Combinators.combine(Arbitraries.integers().between(0, 2), policy())
                                .as((priority, content) -> new PolicyFragment(name, priority, content)))
                        .toList())
                .as(fragments -> fragments));
    }

    private static Arbitrary<JsonNode> section(String name) {
        return switch (name) {
            case "groups" -> named("group:", names(List.of("x@a", "y@a", "z@a")));
            case "tagOwners" -> named("tag:", names(List.of("x@a", "group:1", "tag:1")));
            case "hosts" -> named("host", Arbitraries.of("10.0.0.1", "10.0.0.2").map(NODES::textNode));
            case "autoApprovers" ->
                Combinators.combine(
                                named("10.0.0.", names(List.of("tag:1", "tag:2"))), names(List.of("tag:1", "tag:2")))
                        .as((routes, exits) -> NODES.objectNode()
                                .<ObjectNode>set("routes", routes)
                                .set("exitNode", exits));
            case "postures" -> named("posture:", names(List.of("node:os == 'linux'")));
            case "disableIPv4" -> Arbitraries.of(true, false).map(NODES::booleanNode);
            case "derpMap" ->
                Arbitraries.of(true, false).map(value -> NODES.objectNode().put("omitDefaultRegions", value));
            case "novelty" -> json(1);
            default ->
                Arbitraries.of("tag:1", "tag:2", "*")
                        .map(src -> (JsonNode)
                                NODES.objectNode().put("action", "accept").put("src", src))
                        .list()
                        .ofMaxSize(3)
                        .map(PolicyArbitraries::array);
        };
    }

    private static Arbitrary<JsonNode> named(String prefix, Arbitrary<? extends JsonNode> values) {
        return Arbitraries.maps(Arbitraries.of(prefix + 1, prefix + 2), values.map(value -> (JsonNode) value))
                .map(PolicyArbitraries::object);
    }

    private static Arbitrary<JsonNode> names(List<String> from) {
        return Arbitraries.of(from)
                .map(name -> (JsonNode) NODES.textNode(name))
                .list()
                .ofMaxSize(3)
                .map(PolicyArbitraries::array);
    }

    private static ArrayNode array(List<? extends JsonNode> elements) {
        return NODES.arrayNode().addAll(elements);
    }

    private static ObjectNode object(Map<String, ? extends JsonNode> fields) {
        ObjectNode object = NODES.objectNode();
        object.setAll(fields);
        return object;
    }
}
