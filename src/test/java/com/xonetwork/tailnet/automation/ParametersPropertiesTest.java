package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a schema and parameters say: no error, a short answer, soon. */
class ParametersPropertiesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RunEngine ENGINE = new AnsibleEngine();
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final List<String> KEYWORDS = List.of(
            "type",
            "properties",
            "items",
            "additionalProperties",
            "required",
            "enum",
            "const",
            "default",
            "pattern",
            "multipleOf",
            "minimum",
            "maxLength",
            "minItems",
            "uniqueItems",
            "format",
            "$ref",
            "$id",
            "$defs",
            "$anchor",
            "$dynamicRef",
            "$dynamicAnchor",
            "$recursiveRef",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "patternProperties",
            "propertyNames",
            "contains",
            "prefixItems",
            "dependentSchemas",
            "dependentRequired",
            "unevaluatedProperties",
            "unevaluatedItems",
            "$schema",
            "$vocabulary",
            "contentSchema",
            "description");
    private static final Set<String> FORBIDDEN = Set.of(
            "$ref",
            "$id",
            "$defs",
            "$anchor",
            "$dynamicRef",
            "$dynamicAnchor",
            "$recursiveRef",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "patternProperties",
            "propertyNames",
            "contains",
            "prefixItems",
            "dependentSchemas",
            "dependentRequired",
            "unevaluatedProperties",
            "unevaluatedItems",
            "$vocabulary",
            "contentSchema");

    @Property(tries = 500)
    void whateverTheSchemaTheAnswerIsShortAndSoon(
            @ForAll("schemas") JsonNode schema, @ForAll("values") JsonNode given) {
        assertTimeoutPreemptively(SOON, () -> {
            var complaints = Parameters.complaintsOfSchema(schema, ENGINE);
            assertThat(complaints)
                    .hasSizeLessThanOrEqualTo(10)
                    .allSatisfy(text -> assertThat(text).hasSizeLessThan(400));
            if (complaints.isEmpty()) {
                assertThat(holdsForbidden(schema)).isFalse();
                assertThat(Parameters.complaints(schema, given, ENGINE))
                        .hasSizeLessThanOrEqualTo(10)
                        .allSatisfy(text -> assertThat(text).hasSizeLessThan(400));
            }
        });
    }

    @Property(tries = 500)
    void completingTwiceIsCompletingOnce(@ForAll("good") JsonNode schema, @ForAll("values") JsonNode given) {
        if (Parameters.complaintsOfSchema(schema, ENGINE).isEmpty() && given.isObject()) {
            var once = Parameters.completed(schema, given);
            assertThat(Parameters.completed(schema, once)).isEqualTo(once);
            given.fieldNames()
                    .forEachRemaining(name -> assertThat(once.has(name)).isTrue());
        }
    }

    @Property(tries = 1000)
    void aPatternIsCompiledSoonAndRefusedOtherwise(@ForAll("patterns") String pattern) {
        assertTimeoutPreemptively(SOON, () -> {
            try {
                assertThat(LinearPattern.size(pattern)).isLessThanOrEqualTo(LinearPattern.LARGEST);
            } catch (LinearPattern.Refused e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        });
    }

    private static boolean holdsForbidden(JsonNode schema) {
        for (var field : schema.properties()) {
            if (FORBIDDEN.contains(field.getKey())) {
                return true;
            }
            if (field.getKey().equals("items") && holdsForbidden(field.getValue())) {
                return true;
            }
            if (field.getKey().equals("properties")) {
                for (var property : field.getValue()) {
                    if (holdsForbidden(property)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of(
                        "(",
                        ")",
                        "[",
                        "]",
                        "^",
                        "$",
                        "a",
                        "b",
                        ".",
                        "*",
                        "+",
                        "?",
                        "|",
                        "\\",
                        "\\d",
                        "\\pL",
                        "{9}",
                        "{99}",
                        "{999}",
                        "{9,}",
                        "{0,999}",
                        "{,9}",
                        "(a{99})",
                        "((a{99}){99}",
                        "[^",
                        "[:alpha:]",
                        "[[:",
                        "(?i",
                        "(?:",
                        "\\Q",
                        "\\E",
                        "\\x{10FFFF}",
                        "-",
                        "(?P<n>",
                        "\uD83D",
                        "\n")
                .list()
                .ofMaxSize(24)
                .map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<JsonNode> schemas() {
        return Combinators.combine(node(3, Arbitraries.of(KEYWORDS)), Arbitraries.of(true, true, true, false))
                .as((schema, closed) -> closed && schema instanceof ObjectNode object
                        ? object.put("type", "object").put("additionalProperties", false)
                        : schema);
    }

    @Provide
    Arbitrary<JsonNode> good() {
        return level(3).map(
                        schema -> ((ObjectNode) schema).put("type", "object").put("additionalProperties", false));
    }

    private Arbitrary<JsonNode> level(int depth) {
        var leaf = Combinators.combine(scalars(), Arbitraries.of(true, false))
                .as((value, preset) -> preset ? objectOf("default", value) : JSON.createObjectNode());
        return depth == 0
                ? leaf.map(node -> (JsonNode) node)
                : Combinators.combine(
                                Arbitraries.maps(Arbitraries.of("a", "b", "c", "d"), level(depth - 1))
                                        .ofMaxSize(4),
                                Arbitraries.of(true, false))
                        .as((properties, preset) -> {
                            var schema = JSON.createObjectNode().put("additionalProperties", false);
                            schema.set("properties", JSON.valueToTree(properties));
                            return preset ? schema.set("default", JSON.createObjectNode()) : schema;
                        });
    }

    @Provide
    Arbitrary<JsonNode> values() {
        return node(3, Arbitraries.of("a", "b", "c", "d", "$ref", "type"));
    }

    private static Arbitrary<JsonNode> node(int depth, Arbitrary<String> names) {
        if (depth == 0) {
            return scalars();
        }
        var inner = node(depth - 1, names);
        var properties = Arbitraries.maps(Arbitraries.of("a", "b", "c", "$ref"), inner)
                .ofMaxSize(3)
                .map(map -> (JsonNode) JSON.valueToTree(map));
        return Arbitraries.frequencyOf(
                Tuple.of(1, scalars()),
                Tuple.of(1, inner.list().ofMaxSize(3).map(list -> (JsonNode) JSON.valueToTree(list))),
                Tuple.of(
                        5,
                        Arbitraries.maps(names, Arbitraries.oneOf(inner, properties))
                                .ofMaxSize(3)
                                .map(map -> (JsonNode) JSON.valueToTree(map))));
    }

    private static JsonNode objectOf(String name, JsonNode value) {
        return JSON.createObjectNode().set(name, value);
    }

    private static Arbitrary<JsonNode> scalars() {
        return Arbitraries.of(
                        "\"\"",
                        "\"a\"",
                        "\"#\"",
                        "\"object\"",
                        "\"string\"",
                        "\"array\"",
                        "\"(a*)*b\"",
                        "\"((a{99}){99}){99}\"",
                        "\"http://127.0.0.1:1/\"",
                        "true",
                        "false",
                        "null",
                        "0",
                        "-1",
                        "1",
                        "2147483648",
                        "1e308",
                        "5e-324",
                        "1e999999999",
                        "9223372036854775808",
                        "[\"a\"]",
                        "[]",
                        "{}")
                .map(text -> {
                    try {
                        return JSON.readTree(text);
                    } catch (JsonProcessingException e) {
                        return JsonNodeFactory.instance.textNode(text);
                    }
                });
    }
}
