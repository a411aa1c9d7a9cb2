package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.pure.Pure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of JSON Schema that a template may use. Each value of a run meets at most one schema of it, once: there are no
 * references and no combinations, so checking takes time in proportion to the size of both. Checked before any library sees the
 * schema.
 */
@Pure
final class ParameterSchema {

    private static final JsonBounds BOUNDS = new JsonBounds(64 * 1024, 40, 4_096);
    private static final int DEEPEST = 8;
    private static final int MOST_SCHEMAS = 512;
    /** Sizes of the programs of all patterns together. */
    private static final int LARGEST_PATTERNS = 16_000;

    private static final int SHOWN_OF_NAME = 64;

    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");
    /** Checked in time linear in the text. */
    private static final Set<String> FORMATS = Set.of("date", "date-time", "ipv4", "ipv6", "uuid");

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_$-]+");

    private static final Predicate<JsonNode> NUMBER = JsonNode::isNumber;
    private static final Predicate<JsonNode> COUNT = node -> node.canConvertToInt() && node.intValue() >= 0;

    private record Keyword(String wants, Predicate<JsonNode> isRight) {}

    /** Those that hold no schema. What is a schema itself is looked at in {@link Look}. */
    private static final Map<String, Keyword> KEYWORDS = Map.ofEntries(
            Map.entry(
                    "type",
                    new Keyword("one of " + new TreeSet<>(TYPES) + ", or a list of them", ParameterSchema::isType)),
            Map.entry("required", new Keyword("a list of names", ParameterSchema::isNames)),
            Map.entry("enum", new Keyword("a list of at least one value", node -> node.isArray() && !node.isEmpty())),
            Map.entry("const", new Keyword("a value", node -> true)),
            Map.entry("default", new Keyword("a value", node -> true)),
            Map.entry("minimum", new Keyword("a number", NUMBER)),
            Map.entry("maximum", new Keyword("a number", NUMBER)),
            Map.entry("exclusiveMinimum", new Keyword("a number", NUMBER)),
            Map.entry("exclusiveMaximum", new Keyword("a number", NUMBER)),
            Map.entry("multipleOf", new Keyword("a number above 0", NUMBER.and(node -> node.doubleValue() > 0))),
            Map.entry("minLength", new Keyword("a whole number", COUNT)),
            Map.entry("maxLength", new Keyword("a whole number", COUNT)),
            Map.entry("minItems", new Keyword("a whole number", COUNT)),
            Map.entry("maxItems", new Keyword("a whole number", COUNT)),
            Map.entry("minProperties", new Keyword("a whole number", COUNT)),
            Map.entry("maxProperties", new Keyword("a whole number", COUNT)),
            Map.entry("uniqueItems", new Keyword("true or false", JsonNode::isBoolean)),
            Map.entry("pattern", new Keyword("a text", JsonNode::isTextual)),
            Map.entry(
                    "format",
                    new Keyword(
                            "one of " + new TreeSet<>(FORMATS) + "; use pattern for another",
                            node -> node.isTextual() && FORMATS.contains(node.textValue()))),
            Map.entry("title", new Keyword("a text", JsonNode::isTextual)),
            Map.entry("description", new Keyword("a text", JsonNode::isTextual)),
            Map.entry("$comment", new Keyword("a text", JsonNode::isTextual)),
            Map.entry("examples", new Keyword("a list", JsonNode::isArray)),
            Map.entry("deprecated", new Keyword("true or false", JsonNode::isBoolean)),
            Map.entry("$schema", new Keyword(DIALECT, node -> DIALECT.equals(node.textValue()))));

    private static final Set<String> WITH_SCHEMAS = Set.of("properties", "items", "additionalProperties");

    private ParameterSchema() {}

    /** One schema inside another that has a default. */
    record Default(String path, JsonNode schema) {}

    /** Why the schema cannot be used, naming the first place that is wrong; empty when it can. */
    static Optional<String> refusal(JsonNode schema) {
        return new Look().refusal(schema);
    }

    /** The schemas with a default, of a schema that can be used. */
    static List<Default> defaults(JsonNode schema) {
        var look = new Look();
        look.refusal(schema);
        return look.defaults;
    }

    private static boolean isType(JsonNode node) {
        if (!node.isArray()) {
            return TYPES.contains(node.asText());
        }
        var all = new ArrayList<JsonNode>();
        node.forEach(all::add);
        return !all.isEmpty() && all.stream().allMatch(type -> type.isTextual() && TYPES.contains(type.textValue()));
    }

    private static boolean isNames(JsonNode node) {
        var all = new ArrayList<JsonNode>();
        node.forEach(all::add);
        return node.isArray() && all.stream().allMatch(JsonNode::isTextual);
    }

    private static final class Look {
        private final List<Default> defaults = new ArrayList<>();
        private int schemas;
        private int patterns;

        Optional<String> refusal(JsonNode schema) {
            var tooMuch = BOUNDS.refusal(schema);
            if (tooMuch.isPresent()) {
                return Optional.of("parameters " + tooMuch.get() + ": make the schema smaller");
            }
            if (!"object".equals(schema.path("type").asText())) {
                return Optional.of("parameters must be a JSON Schema with type: object");
            }
            if (!isClosed(schema)) {
                return Optional.of(open("parameters"));
            }
            return Optional.ofNullable(look(schema, "parameters", 1, true));
        }

        /** @param takesDefault whether a run has at most one value here */
        private @Nullable String look(JsonNode schema, String path, int depth, boolean takesDefault) {
            if (!schema.isObject()) {
                return path + " must be a schema, such as {type: string}";
            }
            if (depth > DEEPEST) {
                return path + " is nested too deeply: at most " + DEEPEST + " schemas in each other can be used";
            }
            if (++schemas > MOST_SCHEMAS) {
                return path + " is one schema too many: at most " + MOST_SCHEMAS + " can be used";
            }
            for (var field : schema.properties()) {
                var problem = keyword(schema, field.getKey(), field.getValue(), path, depth, takesDefault);
                if (problem != null) {
                    return problem;
                }
            }
            if (schema.has("default")) {
                defaults.add(new Default(path, schema));
            }
            return null;
        }

        private @Nullable String keyword(
                JsonNode schema, String name, JsonNode value, String path, int depth, boolean takesDefault) {
            var here = path + "." + shown(name);
            if (WITH_SCHEMAS.contains(name)) {
                return schemas(schema, name, value, here, depth, takesDefault);
            }
            var keyword = KEYWORDS.get(name);
            if (keyword == null || name.equals("$schema") && depth > 1) {
                return here + " cannot be used. Describe the value in place, with these keywords: "
                        + String.join(", ", allowed());
            }
            if (!keyword.isRight().test(value)) {
                return here + " must be " + keyword.wants();
            }
            if (name.equals("default") && !takesDefault) {
                return here
                        + " cannot be used below items or additionalProperties. Give the default to the whole list or"
                        + " object";
            }
            return name.equals("pattern") ? pattern(value.textValue(), here) : null;
        }

        private @Nullable String pattern(String pattern, String here) {
            try {
                patterns += LinearPattern.size(pattern);
            } catch (LinearPattern.Refused e) {
                return here + " " + e.getMessage();
            }
            return patterns > LARGEST_PATTERNS ? here + " is one pattern too many: use fewer, or simpler ones" : null;
        }

        private @Nullable String schemas(
                JsonNode schema, String name, JsonNode value, String here, int depth, boolean takesDefault) {
            if (name.equals("items")) {
                return look(value, here, depth + 1, false);
            }
            if (name.equals("additionalProperties")) {
                return value.isBoolean() ? null : look(value, here, depth + 1, false);
            }
            if (!value.isObject()) {
                return here + " must be an object of schemas";
            }
            if (!isClosed(schema)) {
                return open(here.substring(0, here.length() - ".properties".length()));
            }
            for (var property : value.properties()) {
                var problem = look(property.getValue(), here + "." + shown(property.getKey()), depth + 1, takesDefault);
                if (problem != null) {
                    return problem;
                }
            }
            return null;
        }
    }

    private static boolean isClosed(JsonNode schema) {
        var additional = schema.get("additionalProperties");
        return additional != null && additional.isBoolean() && !additional.booleanValue();
    }

    private static String open(String path) {
        return path
                + " must say additionalProperties: false, or a run could set variables that the template does not name";
    }

    private static Set<String> allowed() {
        var all = new TreeSet<>(KEYWORDS.keySet());
        all.addAll(WITH_SCHEMAS);
        return all;
    }

    private static String shown(String name) {
        var some = name.length() > SHOWN_OF_NAME ? name.substring(0, SHOWN_OF_NAME) + "..." : name;
        return PLAIN_NAME.matcher(some).matches() ? some : "'" + some + "'";
    }
}
