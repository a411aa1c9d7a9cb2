package com.xonetwork.tailnet.controlplane.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the services' JSON. Lenient in what a Go server may vary (unknown fields, names in another case),
 * strict in what a broken answer looks like (nothing, half of it, something else): a half list must never pass for a
 * whole one.
 */
public final class WireFormat {

    private static final String NOT_PROMISED = "it is not the JSON that the API promises, or only a part of it";

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    // A table of all names that a service ever used would be its own to fill.
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Parser messages would quote the body, which may hold a new key.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /**
     * Reads a good answer's body.
     *
     * @throws ControlPlaneException.Unavailable when it is not a JSON value of that shape
     */
    public <T> T read(Answer answer, Class<T> type) {
        if (answer.isBlank()) {
            throw answer.unusable("it is empty");
        }
        try {
            T value = mapper.readValue(uncopied(answer), type);
            if (value == null) {
                throw answer.unusable("it is null");
            }
            return value;
        } catch (IOException e) {
            // Not as the cause: see above.
            throw answer.unusable(NOT_PROMISED);
        }
    }

    /**
     * Reads a list in a good answer's object, one entry after the other: what a large list is made of is never there all at once.
     * Members and fields of other names are passed over.
     *
     * @param body of that answer; read to its end
     * @param member that holds the list
     * @return false when the object has no such list
     * @throws ControlPlaneException.Unavailable when it is not JSON of that shape
     * @throws IOException when the body breaks off
     */
    <T> boolean readEach(Answer answer, InputStream body, String member, Class<T> type, Consumer<@Nullable T> each)
            throws IOException {
        // After one entry comes the next; what comes after the whole is looked at below.
        ObjectReader reader = mapper.readerFor(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        try (var parser = mapper.getFactory().createParser(body)) {
            var first = parser.nextToken();
            if (first == null) {
                throw answer.unusable("it is empty");
            }
            if (first != JsonToken.START_OBJECT) {
                throw answer.unusable(NOT_PROMISED);
            }
            var found = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var isList = member.equalsIgnoreCase(parser.currentName());
                if (parser.nextToken() == JsonToken.START_ARRAY && isList) {
                    found = true;
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        if (parser.currentToken() == null) {
                            throw answer.unusable(NOT_PROMISED);
                        }
                        each.accept(parser.currentToken() == JsonToken.VALUE_NULL ? null : reader.readValue(parser));
                    }
                } else if (isList && parser.currentToken() != JsonToken.VALUE_NULL) {
                    throw answer.unusable(NOT_PROMISED);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw answer.unusable(NOT_PROMISED);
            }
            return found;
        } catch (JacksonException e) {
            // Jackson wraps what comes up while it reads.
            for (var cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof ControlPlaneException refused) {
                    throw refused;
                }
            }
            // Not as the cause: see above.
            throw answer.unusable(NOT_PROMISED);
        }
    }

    /** The body as a JSON object, if it is one. */
    Optional<JsonNode> tree(Answer answer) {
        try {
            return Optional.ofNullable(mapper.readTree(uncopied(answer))).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The list of a large tailnet has many megabytes. */
    private static InputStream uncopied(Answer answer) {
        return new ByteBufInputStream(answer.body().getByteBuf());
    }

    /** A request's body. */
    public Buffer write(Object value) {
        try {
            return Buffer.buffer(mapper.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
        }
    }
}
