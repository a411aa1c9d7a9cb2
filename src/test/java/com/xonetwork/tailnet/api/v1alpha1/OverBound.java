package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Values that a schema takes, and values that one of its bounds refuses and no other. */
final class OverBound {

    static final String NO_CONSTANT = "NoConstantOfThis";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Of each format that the CRDs have. */
    private static final List<String> GOOD = List.of(
            "a",
            "1h",
            "1Gi",
            "10%",
            "True",
            "192.0.2.1",
            "192.0.2.0/24",
            "tag:a",
            "tag:a:22",
            "52:54:00:12:34:56",
            "https://example.com",
            "0123456789abcdef",
            "deb [signed-by=/k.gpg] https://example.com/tailscale bookworm main",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3kZqB9o5c3U2cYJt7a8k0kq1W2v5H3s4x6y7z8A9B0");

    /** The first that a pattern refuses breaks it. */
    private static final List<String> BAD =
            List.of("a b", "/", "!", "-", " ", "_", "a/b c", "tag:a b", "\u202e", "A", "1", "x".repeat(20));

    private OverBound() {}

    /** Some value that the schema takes, without what may be left out. */
    static JsonNode valid(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.path("enum").path(0);
        }
        return switch (schema.path("type").asText()) {
            case "object" -> {
                var object = JSON.objectNode();
                schema.path("required")
                        .forEach(field -> object.set(field.asText(), valid(CrdBounds.below(schema, field.asText()))));
                yield object;
            }
            case "array" -> list(schema, schema.path("minItems").asInt(0));
            case "integer" -> JSON.numberNode(schema.path("minimum").asLong(1));
            case "boolean" -> JSON.booleanNode(true);
            case "string" -> JSON.textNode(text(GOOD, schema, true));
            default -> throw new IllegalStateException("no test knows a value for " + schema);
        };
    }

    static JsonNode of(String keyword, JsonNode schema) {
        var limit = schema.path(keyword);
        return switch (keyword) {
            case "maxLength" -> JSON.textNode("a".repeat(limit.asInt() + 1));
            case "minLength" -> JSON.textNode("a".repeat(limit.asInt() - 1));
            case "maxItems" -> list(schema, limit.asInt() + 1);
            case "minItems" -> list(schema, limit.asInt() - 1);
            case "maxProperties" -> map(schema, limit.asInt() + 1);
            case "minProperties" -> map(schema, limit.asInt() - 1);
            case "maximum" -> number(limit, 1);
            case "minimum" -> number(limit, -1);
            case "enum" -> JSON.textNode(NO_CONSTANT);
            case "pattern" -> JSON.textNode(text(BAD, schema, false));
            default -> throw new IllegalStateException("no test knows how to break " + keyword);
        };
    }

    private static JsonNode number(JsonNode limit, int more) {
        return JSON.numberNode(new BigDecimal(limit.asText()).longValueExact() + more);
    }

    private static JsonNode list(JsonNode schema, int size) {
        var items = CrdBounds.below(schema, CrdBound.ITEM);
        var list = JSON.arrayNode();
        for (int i = 0; i < size; i++) {
            list.add(valid(items));
        }
        return list;
    }

    private static JsonNode map(JsonNode schema, int size) {
        var values = CrdBounds.below(schema, CrdBound.VALUE);
        var map = JSON.objectNode();
        for (int i = 0; i < size; i++) {
            map.set("key" + i, valid(values));
        }
        return map;
    }

    /** The first that fits, as it is or repeated: within the bounds of its length, and matching or not. */
    private static String text(List<String> candidates, JsonNode schema, boolean matching) {
        var shortest = schema.path("minLength").asInt(0);
        var longest = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        var pattern = Pattern.compile(schema.path("pattern").asText(""));
        return candidates.stream()
                .flatMap(candidate -> Stream.of(candidate, candidate.repeat(Math.max(1, shortest))))
                .filter(candidate -> candidate.length() >= shortest && candidate.length() <= longest)
                .filter(candidate -> pattern.matcher(candidate).find() == matching)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no text of this test "
                        + (matching ? "fits " : "breaks the pattern of ") + schema + ": add one to OverBound"));
    }
}
