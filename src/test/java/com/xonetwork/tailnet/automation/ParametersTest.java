package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.xonetwork.tailnet.api.v1alpha1.BoundedJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas and parameters are written by strangers: whatever they say, the answer is right, short, and comes soon. */
class ParametersTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RunEngine ENGINE = new AnsibleEngine();
    /** Only bounds failure: what is not bounded here takes hours. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void anOrdinarySchemaIsUsed() {
        var schema = closed("""
                "name": {"type": "string", "minLength": 1, "maxLength": 63, "pattern": "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"},
                "count": {"type": "integer", "minimum": 1, "maximum": 10, "multipleOf": 1},
                "ratio": {"type": ["number", "null"], "exclusiveMaximum": 1.5},
                "day": {"type": "string", "format": "date"},
                "routes": {"type": "array", "items": {"type": "string"}, "uniqueItems": true, "maxItems": 3},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "nested": {"type": "object", "additionalProperties": false, "required": ["mode"],
                           "properties": {"mode": {"enum": ["on", "off"]}}}""");
        assertThat(Parameters.complaintsOfSchema(schema, ENGINE)).isEmpty();
        assertThat(complaints(schema, """
                        {"name": "web-1", "count": 3, "ratio": 1.25, "day": "2026-11-30", "routes": ["a", "b"],
                         "labels": {"x": "y"}, "nested": {"mode": "on"}}""")).isEmpty();
        assertThat(complaints(schema, "{\"name\": \"-\", \"count\": \"many\", \"day\": \"soon\", \"other\": 1}"))
                .satisfiesExactly(
                        name -> assertThat(name).startsWith("name: "),
                        count -> assertThat(count).startsWith("count: "),
                        day -> assertThat(day).startsWith("day: "),
                        other -> assertThat(other).isEqualTo("other: it is not one of the template's"));
        assertThat(complaints(schema, "{\"routes\": [\"a\", \"a\"]}"))
                .singleElement()
                .asString()
                .startsWith("routes: ");
        assertThat(complaints(schema, "{\"nested\": {\"mode\": \"on\", \"more\": 1}}"))
                .singleElement()
                .asString()
                .contains("more");
        assertThat(complaints(schema, "{\"nested\": {}}"))
                .singleElement()
                .asString()
                .contains("mode");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "$ref": "#"                                             | parameters.properties.x.$ref cannot be used
                    "$dynamicRef": "#"                                      | parameters.properties.x.$dynamicRef cannot be used
                    "$id": "http://127.0.0.1/x"                             | parameters.properties.x.$id cannot be used
                    "$schema": "https://json-schema.org/draft/2020-12/schema" | parameters.properties.x.$schema cannot be used
                    "$defs": {}                                             | parameters.properties.x.$defs cannot be used
                    "definitions": {}                                       | parameters.properties.x.definitions cannot be used
                    "allOf": [{}]                                           | parameters.properties.x.allOf cannot be used
                    "anyOf": [{}]                                           | parameters.properties.x.anyOf cannot be used
                    "oneOf": [{}]                                           | parameters.properties.x.oneOf cannot be used
                    "not": {}                                               | parameters.properties.x.not cannot be used
                    "if": {}                                                | parameters.properties.x.if cannot be used
                    "contains": {}                                          | parameters.properties.x.contains cannot be used
                    "prefixItems": [{}]                                     | parameters.properties.x.prefixItems cannot be used
                    "patternProperties": {"(a*)*": {}}                      | parameters.properties.x.patternProperties cannot be used
                    "propertyNames": {}                                     | parameters.properties.x.propertyNames cannot be used
                    "dependentSchemas": {}                                  | parameters.properties.x.dependentSchemas cannot be used
                    "unevaluatedProperties": false                          | parameters.properties.x.unevaluatedProperties cannot be used
                    "nullable": true                                        | parameters.properties.x.nullable cannot be used
                    "x y\\n": true                                          | parameters.properties.x.'x y
                    "type": "text"                                          | parameters.properties.x.type must be one of
                    "type": []                                              | parameters.properties.x.type must be one of
                    "enum": []                                              | parameters.properties.x.enum must be a list
                    "enum": "a"                                             | parameters.properties.x.enum must be a list
                    "required": [1]                                         | parameters.properties.x.required must be a list
                    "multipleOf": 0                                         | parameters.properties.x.multipleOf must be a number above 0
                    "multipleOf": -1                                        | parameters.properties.x.multipleOf must be a number above 0
                    "minLength": -1                                         | parameters.properties.x.minLength must be a whole number
                    "maxItems": 1e3000                                      | parameters has a number that is too large
                    "maximum": 1e999999999                                  | parameters has a number that is too large
                    "maximum": 92233720368547758080                         | parameters has a number that is too large
                    "format": "email"                                       | parameters.properties.x.format must be one of
                    "format": "regex"                                       | parameters.properties.x.format must be one of
                    "items": true                                           | parameters.properties.x.items must be a schema
                    "items": [{}]                                           | parameters.properties.x.items must be a schema
                    "items": {"default": 1}                                 | parameters.properties.x.items.default cannot be used below items
                    "additionalProperties": {"default": 1}                  | parameters.properties.x.additionalProperties.default cannot
                    "properties": {}                                        | parameters.properties.x must say additionalProperties: false
                    "properties": {}, "additionalProperties": true          | parameters.properties.x must say additionalProperties: false
                    "properties": {}, "additionalProperties": {}            | parameters.properties.x must say additionalProperties: false
                    "properties": [], "additionalProperties": false         | parameters.properties.x.properties must be an object of schemas
                    "pattern": 1                                            | parameters.properties.x.pattern must be a text
                    "pattern": "(a)\\\\1"                                   | parameters.properties.x.pattern is no regular expression of RE2
                    "pattern": "(?=a)"                                      | parameters.properties.x.pattern is no regular expression of RE2
                    "pattern": "(((a{99}){99}){99}){99}"                    | parameters.properties.x.pattern is too large
                    "pattern": "[)](((a{9,}[(]){99,}){99,}){99,}"           | parameters.properties.x.pattern is too large
                    "pattern": "\\\\Q(\\\\E"                                | parameters.properties.x.pattern has
                    "default": "a", "type": "integer"                       | parameters.properties.x.default does not fit its own schema
                    """)
    void whatIsNotInTheSubsetIsRefusedByItsPath(String keywords, String complaint) {
        assertThat(Parameters.complaintsOfSchema(closed("\"x\": {" + keywords + "}"), ENGINE))
                .singleElement()
                .asString()
                .startsWith(complaint)
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"object\"}",
                "{\"type\": \"object\", \"properties\": {}}",
                "{\"type\": \"object\", \"additionalProperties\": true}",
                "{\"type\": \"object\", \"additionalProperties\": {}}"
            })
    void aRunCannotSetWhatTheTemplateDoesNotName(String schema) {
        assertThat(Parameters.complaintsOfSchema(json(schema), ENGINE))
                .singleElement()
                .asString()
                .startsWith("parameters must say additionalProperties: false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "1", "null", "\"object\"", "{\"type\": \"string\"}", "{\"type\": [\"object\"]}"})
    void aSchemaIsOfAnObject(String schema) {
        assertThat(Parameters.complaintsOfSchema(json(schema), ENGINE))
                .containsExactly("parameters must be a JSON Schema with type: object");
    }

    /** 2^20 ways through references; kept a process from starting for as long as it was there. */
    @Test
    void referencesThatMultiplyAreRefused() {
        var defs = "\"a0\": {\"type\": \"object\"}, "
                + IntStream.rangeClosed(1, 20)
                        .mapToObj(i -> "\"a" + i + "\": {\"allOf\": [" + ref(i - 1) + "," + ref(i - 1) + "]}")
                        .collect(Collectors.joining(", "));
        var bomb = json("{\"type\": \"object\", \"additionalProperties\": false, \"$defs\": {" + defs
                + "}, \"$ref\": \"#/$defs/a20\"}");
        assertTimeoutPreemptively(
                SOON,
                () -> assertThat(Parameters.complaintsOfSchema(bomb, ENGINE))
                        .singleElement()
                        .asString()
                        .startsWith("parameters.$defs cannot be used"));
    }

    @Test
    void aSchemaThatIsItselfIsRefused() {
        var self = json("{\"type\": \"object\", \"additionalProperties\": false, \"$ref\": \"#\"}");
        assertThat(Parameters.complaintsOfSchema(self, ENGINE))
                .singleElement()
                .asString()
                .contains("$ref");
    }

    /** Names that mean something to a JSON Schema library are names of parameters like others. */
    @Test
    void keywordsAreNoKeywordsWhereTheyAreNamesOrValues() {
        var schema = closed("""
                "nested": {"type": "object", "additionalProperties": false, "properties": {
                  "$ref": {"type": "string"}, "$id": {"type": "string"}, "$defs": {"type": "string"}}},
                "value": {"enum": [{"$ref": "#", "$id": "http://127.0.0.1:1/a"}, {"$defs": {"a": {"$ref": "#/a"}}}]}""");
        assertThat(Parameters.complaintsOfSchema(schema, ENGINE)).isEmpty();
        assertThat(
                        complaints(
                                schema,
                                "{\"nested\": {\"$ref\": \"a\"}, \"value\": {\"$ref\": \"#\", \"$id\": \"http://127.0.0.1:1/a\"}}"))
                .isEmpty();
        assertThat(complaints(schema, "{\"nested\": {\"$ref\": 1}}")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a*)*b",
                "^((a|b)*a){20}c$",
                "(a|a?|[ab]){60}c",
                "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x",
                "^(a?){100}(a|b)*c$"
            })
    void aPatternTakesTimeInProportionToTheText(String pattern) {
        var schema = closed("\"x\": {\"type\": \"string\", \"pattern\": \"" + pattern + "\"}");
        assertThat(Parameters.complaintsOfSchema(schema, ENGINE)).isEmpty();
        for (var length : List.of(45, 2_000, 60_000)) {
            assertTimeoutPreemptively(
                    SOON,
                    () -> assertThat(complaints(schema, "{\"x\": \"" + "a".repeat(length) + "!\"}"))
                            .hasSize(1));
        }
    }

    @Test
    void manyComplaintsAreFewWords() {
        var required = IntStream.range(0, 3_000).mapToObj(i -> "\"n" + i + "\"").collect(Collectors.joining(","));
        var choices =
                IntStream.range(0, 3_000).mapToObj(i -> "\"choice-" + i + "\"").collect(Collectors.joining(","));
        var schemas = List.of(
                closed("\"x\": {\"type\": \"array\", \"items\": {\"required\": [" + required + "]}}"),
                closed("\"x\": {\"type\": \"array\", \"items\": {\"enum\": [" + choices + "]}}"),
                closed("\"x\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}}"));
        var many = "{\"x\": [" + "{},".repeat(8_000) + "{}]}";
        for (var schema : schemas) {
            assertThat(Parameters.complaintsOfSchema(schema, ENGINE)).isEmpty();
            assertTimeoutPreemptively(
                    SOON,
                    () -> assertThat(complaints(schema, many))
                            .singleElement()
                            .asString()
                            .startsWith("x: ")
                            .hasSizeLessThan(400));
        }
    }

    /** "Aa" and "BB" have one hash code. */
    @Test
    void elementsThatCollideAreComparedSoon() {
        var items = IntStream.range(0, 2_000)
                .mapToObj(i -> IntStream.range(0, 11)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining("", "\"", "\"")))
                .collect(Collectors.joining(","));
        var schema = closed("\"x\": {\"type\": \"array\", \"uniqueItems\": true}");
        assertTimeoutPreemptively(
                SOON,
                () -> assertThat(complaints(schema, "{\"x\": [" + items + "]}")).isEmpty());
    }

    @Test
    void parametersAreBounded() {
        var schema = closed("\"x\": {}");
        assertThat(complaints(schema, "{\"x\": \"" + "a".repeat(70_000) + "\"}"))
                .containsExactly("parameters has more than 65536 bytes");
        assertThat(complaints(schema, "{\"x\": [" + "1,".repeat(100_000) + "1]}"))
                .containsExactly("parameters has more than 8192 values");
        assertThat(complaints(schema, "{\"x\": " + "[".repeat(900) + "]".repeat(900) + "}"))
                .containsExactly("parameters is nested more than 16 levels deep");
        assertThat(complaints(schema, "{\"x\": 1e999999999}"))
                .singleElement()
                .asString()
                .contains("a number");
        var precise = JSON.createObjectNode().set("x", DecimalNode.valueOf(new BigDecimal("1e-999999999")));
        assertThat(Parameters.complaints(closed("\"x\": {\"multipleOf\": 3}"), precise, ENGINE))
                .singleElement()
                .asString()
                .contains("a number");
        assertThat(Parameters.complaints(schema, JSON.createArrayNode(), ENGINE))
                .hasSize(1);
    }

    @Test
    void whatWasPassedOverSaysSo() {
        var large = BoundedJson.PASSED_OVER;
        assertThat(Parameters.complaints(closed("\"x\": {}"), large, ENGINE))
                .containsExactly("parameters has more than 65536 bytes or 8192 values, or is nested more than 64 levels"
                        + " deep: put large data into the ConfigMap of the template's source");
        assertThat(Parameters.complaintsOfSchema(large, ENGINE))
                .containsExactly("parameters has more than 65536 bytes or 8192 values, or is nested more than 64 levels"
                        + " deep: make the schema smaller");
    }

    @Test
    void schemasAreBounded() {
        var deep = new StringBuilder("{}");
        IntStream.range(0, 8).forEach(i -> deep.insert(0, "{\"items\": ").append("}"));
        assertThat(Parameters.complaintsOfSchema(closed("\"x\": " + deep), ENGINE))
                .singleElement()
                .asString()
                .contains("nested too deeply");
        var wide = IntStream.range(0, 600).mapToObj(i -> "\"p" + i + "\": {}").collect(Collectors.joining(","));
        assertThat(Parameters.complaintsOfSchema(closed(wide), ENGINE))
                .singleElement()
                .asString()
                .contains("at most 512");
        var patterns = IntStream.range(0, 100)
                .mapToObj(i -> "\"p" + i + "\": {\"pattern\": \"a{400}\"}")
                .collect(Collectors.joining(","));
        assertThat(Parameters.complaintsOfSchema(closed(patterns), ENGINE))
                .singleElement()
                .asString()
                .contains("one pattern too many");
        assertThat(Parameters.complaintsOfSchema(
                        closed("\"x\": {\"description\": \"" + "a".repeat(70_000) + "\"}"), ENGINE))
                .containsExactly("parameters has more than 65536 bytes: make the schema smaller");
        assertThat(Parameters.complaintsOfSchema(
                        closed("\"x\": {\"const\": " + "[".repeat(900) + "]".repeat(900) + "}"), ENGINE))
                .singleElement()
                .asString()
                .contains("nested");
    }

    @Test
    void defaultsCompleteWhatIsNotGiven() {
        var schema = closed("""
                "action": {"enum": ["join"], "default": "join"},
                "count": {"type": "integer", "default": 3},
                "off": {"type": "boolean"},
                "nested": {"type": "object", "additionalProperties": false, "default": {"a": 1}, "required": ["a", "b"],
                           "properties": {"a": {"default": 0}, "b": {"default": [1, 2]}}},
                "given": {"type": "object", "additionalProperties": false,
                           "properties": {"a": {"default": 0}, "n": {"type": ["string", "null"], "default": "x"}}},
                "absent": {"type": "object", "additionalProperties": false, "properties": {"a": {"default": 0}}}""");
        assertThat(Parameters.complaintsOfSchema(schema, ENGINE)).isEmpty();
        var given = json("{\"count\": 5, \"given\": {\"n\": null}}");
        var before = given.deepCopy();
        assertThat(Parameters.completed(schema, given)).isEqualTo(json("""
                                {"count": 5, "given": {"n": null, "a": 0}, "action": "join", "nested": {"a": 1, "b": [1, 2]}}"""));
        assertThat(given).isEqualTo(before);
        assertThat(Parameters.completed(schema, null).path("action").asText()).isEqualTo("join");
        assertThat(Parameters.completed(null, null)).isEqualTo(json("{}"));
        assertThat(complaints(schema, "{}")).isEmpty();
        assertThat(complaints(schema, "{\"action\": \"other\"}")).hasSize(1);
    }

    private static List<String> complaints(JsonNode schema, String parameters) {
        return Parameters.complaints(schema, json(parameters), ENGINE);
    }

    private static String ref(int number) {
        return "{\"$ref\": \"#/$defs/a" + number + "\"}";
    }

    private static JsonNode closed(String properties) {
        return json("{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {" + properties + "}}");
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
