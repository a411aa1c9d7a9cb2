package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One bound of a CRD's schema, such as {@code tailnet spec.pollInterval.pattern}.
 *
 * @param schema of the whole resource
 * @param path to what is bounded: fields, {@link #ITEM} of a list, {@link #VALUE} of a map. Of {@code required}, to the field
 * @param keyword of the schema
 */
record CrdBound(String kind, JsonNode schema, List<String> path, String keyword) {

    static final String ITEM = "[]";
    static final String VALUE = "{}";

    private static final String SOME_KEY = "key";

    String name() {
        return kind + " " + String.join(".", path).replace("." + ITEM, ".items").replace("." + VALUE, ".values") + "."
                + keyword;
    }

    /** The resource with one value put over this bound; what lies on the way there and is missing is made. */
    ObjectNode broken(ObjectNode valid) {
        return keyword.equals("required") ? with(valid, null) : with(valid, OverBound.of(keyword, bounded()));
    }

    /** The resource with this value where the bound is. @param value null takes away what is there */
    ObjectNode with(ObjectNode valid, @Nullable JsonNode value) {
        var resource = valid.deepCopy();
        JsonNode at = resource;
        var below = schema;
        for (var step : path.subList(0, path.size() - 1)) {
            below = CrdBounds.below(below, step);
            at = reach(at, step, below);
        }
        if (value == null) {
            ((ObjectNode) at).remove(path.getLast());
        } else {
            put(at, path.getLast(), value);
        }
        return resource;
    }

    /** How many steps of the path are there. */
    int depthIn(JsonNode resource) {
        var at = resource;
        for (int i = 0; i < path.size(); i++) {
            at = child(at, path.get(i));
            if (at.isMissingNode() || at.isNull()) {
                return i;
            }
        }
        return path.size();
    }

    /** As the API server names it. */
    String field() {
        var named = new StringBuilder();
        for (var step : path) {
            switch (step) {
                case ITEM -> named.append("[0]");
                case VALUE -> named.append('.').append(SOME_KEY);
                default -> named.append(named.isEmpty() ? "" : ".").append(step);
            }
        }
        return named.toString();
    }

    /** What the API server says of this bound and of no other. */
    String complaint() {
        if (keyword.equals("required")) {
            return "Required value";
        }
        var limit = bounded().path(keyword);
        return switch (keyword) {
            case "maxLength" -> "Too long: may not be more than " + limit.asInt() + " bytes";
            case "maxItems", "maxProperties" ->
                "Too many: " + (limit.asInt() + 1) + ": must have at most " + limit.asInt() + " items";
            case "minLength" -> "should be at least " + limit.asInt() + " chars long";
            case "minItems" -> "should have at least " + limit.asInt() + " items";
            case "minProperties" -> "should have at least " + limit.asInt() + " properties";
            case "maximum" -> "should be less than or equal to " + plain(limit);
            case "minimum" -> "should be greater than or equal to " + plain(limit);
            case "pattern" -> "should match '" + limit.asText() + "'";
            case "enum" ->
                "Unsupported value: \"" + OverBound.NO_CONSTANT + "\": supported values: " + constants(limit);
            default -> throw new IllegalStateException("no test knows what is said of " + name());
        };
    }

    private JsonNode bounded() {
        var below = schema;
        for (var step : path) {
            below = CrdBounds.below(below, step);
        }
        return below;
    }

    private static String plain(JsonNode number) {
        return new BigDecimal(number.asText()).stripTrailingZeros().toPlainString();
    }

    private static String constants(JsonNode all) {
        var quoted = new ArrayList<String>();
        all.forEach(constant -> quoted.add("\"" + constant.asText() + "\""));
        return String.join(", ", quoted.stream().sorted().toList());
    }

    private static JsonNode reach(JsonNode at, String step, JsonNode schema) {
        var there = child(at, step);
        if (there.isMissingNode() || there.isNull()) {
            put(at, step, OverBound.valid(schema));
            return child(at, step);
        }
        return there;
    }

    private static JsonNode child(JsonNode at, String step) {
        return switch (step) {
            case ITEM -> at.path(0);
            case VALUE -> at.path(SOME_KEY);
            default -> at.path(step);
        };
    }

    private static void put(JsonNode at, String step, JsonNode value) {
        switch (step) {
            case ITEM -> {
                var list = (ArrayNode) at;
                if (list.isEmpty()) {
                    list.add(value);
                } else {
                    list.set(0, value);
                }
            }
            case VALUE -> ((ObjectNode) at).set(SOME_KEY, value);
            default -> ((ObjectNode) at).set(step, value);
        }
    }
}
