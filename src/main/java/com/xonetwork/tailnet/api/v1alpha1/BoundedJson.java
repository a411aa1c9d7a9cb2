package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of any shape that users write, and passes over what is larger than anything good: the API server keeps 1.5 MB in an
 * object, which is ten times that in memory, in each cache. In its place is {@link #PASSED_OVER}, which no user can write, as
 * these fields are objects.
 */
public class BoundedJson extends JsonDeserializer<JsonNode> {

    /** Of text and names; roughly the bytes of the JSON. */
    public static final int MOST_BYTES = 64 * 1024;
    /** Values of any kind, with the objects and lists themselves. */
    public static final int MOST_VALUES = 8_192;

    /** Objects and lists in each other; the API server lets pass 10,000, which no recursion survives. */
    public static final int DEEPEST = 64;

    /** What stands for what was passed over. */
    public static final JsonNode PASSED_OVER = TextNode.valueOf("passed over: too large");

    private final int mostBytes;
    private final int mostValues;

    public BoundedJson() {
        this(MOST_BYTES, MOST_VALUES);
    }

    BoundedJson(int mostBytes, int mostValues) {
        this.mostBytes = mostBytes;
        this.mostValues = mostValues;
    }

    /** For a part of a policy file, which may be as long as its text. */
    public static final class OfPolicy extends BoundedJson {

        /** As the same in HuJSON. */
        public static final int MOST_BYTES = 262_144;

        public static final int MOST_VALUES = 32_768;

        public OfPolicy() {
            super(MOST_BYTES, MOST_VALUES);
        }
    }

    @Override
    public JsonNode deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        try (var seen = new TokenBuffer(parser, context)) {
            long bytes = 0;
            var values = 0;
            var depth = 0;
            var tooMuch = false;
            do {
                var token = parser.currentToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                values += token == JsonToken.FIELD_NAME || token.isStructEnd() ? 0 : 1;
                bytes += token.isStructStart() || token.isStructEnd() ? 1 : parser.getTextLength() + 2L;
                tooMuch |= bytes > mostBytes || values > mostValues || depth > DEEPEST;
                if (!tooMuch) {
                    seen.copyCurrentEvent(parser);
                }
            } while (depth > 0 && parser.nextToken() != null);
            if (tooMuch) {
                return PASSED_OVER;
            }
            var tree = seen.asParserOnFirstToken();
            return context.readTree(tree);
        }
    }

    @Override
    public @Nullable JsonNode getNullValue(DeserializationContext context) {
        return null;
    }
}
