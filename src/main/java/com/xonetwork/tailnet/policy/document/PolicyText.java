package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads HuJSON (JSON with comments and trailing commas, the language of policy files) as strictly as the service does and
 * a little stricter where the service would choose silently: a key given twice is refused, because a rule that the
 * decoder drops without a word is a hole or a lock-out.
 *
 * <p>Any text whatever gives a tree or a {@link PolicySyntaxException}; size and nesting are bounded before they cost
 * memory or stack.
 */
public final class PolicyText {

    private static final int MAX_BYTES = 5 * 1024 * 1024;
    private static final int MAX_DEPTH = 100;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            // The keys are the users' own: kept out of tables that live as long as the process.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Where Jackson names its own source object, which says nothing to a user. */
    private static final Pattern START_MARKER = Pattern.compile(" \\(start marker at \\[[^\\]]*\\]\\)");

    private PolicyText() {}

    /**
     * The policy in the text. Names of known sections come in canonical spelling ({@code "ACLs"} as {@code "acls"}), since
     * the service reads them without regard to case.
     *
     * @throws PolicySyntaxException if the text is not one JSON object in HuJSON, gives a key twice, is larger than 5 MiB
     *     or nested deeper than 100 levels
     */
    public static ObjectNode parse(String hujson) {
        if (hujson.length() > MAX_BYTES || hujson.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new PolicySyntaxException(1, 1, "the policy is larger than 5 MiB; split it or make it smaller");
        }
        try (JsonParser parser = JSON.createParser(hujson)) {
            try {
                return new Reader(parser).policy();
            } catch (JsonProcessingException e) {
                JsonLocation where = e.getLocation() != null ? e.getLocation() : parser.currentLocation();
                throw at(where, START_MARKER.matcher(e.getOriginalMessage()).replaceAll(""));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a string in memory cannot fail to be read", e);
        }
    }

    private static PolicySyntaxException at(JsonLocation where, String message) {
        return new PolicySyntaxException(Math.max(1, where.getLineNr()), Math.max(1, where.getColumnNr()), message);
    }

    /** Builds the tree itself, and not through a mapper, for the places of keys and the bound on nesting. */
    private static final class Reader {

        private final JsonParser parser;

        Reader(JsonParser parser) {
            this.parser = parser;
        }

        ObjectNode policy() throws IOException {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw here("the policy is empty; the smallest one is {}");
            }
            if (first != JsonToken.START_OBJECT) {
                throw here("a policy must be an object: { ... }");
            }
            ObjectNode policy = object(1, Section::canonical);
            if (parser.nextToken() != null) {
                throw here("there is something after the end of the policy; remove it");
            }
            return policy;
        }

        private JsonNode value(JsonToken token, int depth, UnaryOperator<String> names) throws IOException {
            return switch (token) {
                case START_OBJECT -> object(depth + 1, names);
                case START_ARRAY -> array(depth + 1);
                case VALUE_STRING -> JsonNodeFactory.instance.textNode(parser.getText());
                case VALUE_NUMBER_INT -> integer();
                case VALUE_NUMBER_FLOAT -> decimal();
                case VALUE_TRUE -> JsonNodeFactory.instance.booleanNode(true);
                case VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(false);
                case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
                default -> throw here("unexpected " + token.asString());
            };
        }

        private ObjectNode object(int depth, UnaryOperator<String> names) throws IOException {
            bound(depth);
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            while (next() == JsonToken.FIELD_NAME) {
                String written = parser.currentName();
                String name = names.apply(written);
                if (object.has(name)) {
                    throw here(
                            written.equals(name)
                                    ? Quoted.of(name) + " is given twice; keep one"
                                    : Quoted.of(written) + " and " + Quoted.of(name)
                                            + " are the same to the service, which does not regard case; keep one");
                }
                boolean approvers = depth == 1 && name.equals(Section.AUTO_APPROVERS.spelling());
                object.set(
                        name, value(next(), depth, approvers ? Section::canonicalApprover : UnaryOperator.identity()));
            }
            return object;
        }

        private ArrayNode array(int depth) throws IOException {
            bound(depth);
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
                array.add(value(token, depth, UnaryOperator.identity()));
            }
            return array;
        }

        private JsonNode integer() throws IOException {
            return switch (parser.getNumberType()) {
                case INT -> JsonNodeFactory.instance.numberNode(parser.getIntValue());
                case LONG -> JsonNodeFactory.instance.numberNode(parser.getLongValue());
                default -> {
                    finite(new BigDecimal(parser.getBigIntegerValue()));
                    yield BigIntegerNode.valueOf(parser.getBigIntegerValue());
                }
            };
        }

        private JsonNode decimal() throws IOException {
            BigDecimal value;
            try {
                value = parser.getDecimalValue();
            } catch (NumberFormatException | ArithmeticException e) {
                throw here("this number is out of range");
            }
            finite(value);
            return DecimalNode.valueOf(value);
        }

        /** The service decodes free numbers as 64-bit floats and refuses those that do not fit. */
        private void finite(BigDecimal value) {
            if (!Double.isFinite(value.doubleValue())) {
                throw here("this number is out of range");
            }
        }

        private void bound(int depth) {
            if (depth > MAX_DEPTH) {
                throw here("nested deeper than " + MAX_DEPTH + " levels");
            }
        }

        private JsonToken next() throws IOException {
            @Nullable JsonToken token = parser.nextToken();
            if (token == null) {
                throw at(parser.currentLocation(), "the policy ends too early; a bracket is missing");
            }
            return token;
        }

        private PolicySyntaxException here(String message) {
            return at(parser.currentTokenLocation(), message);
        }
    }
}
