package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes back over the wire.
 *
 * @param contentType null for an answer without a body
 */
record Answer(int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {

    static final String JSON = "application/json";
    static final String HUJSON = "application/hujson";

    static Answer empty(int status) {
        return new Answer(status, null, new byte[0], Map.of());
    }

    static Answer json(JsonNode body) {
        return json(200, body);
    }

    static Answer json(byte[] body) {
        return new Answer(200, JSON, body, Map.of());
    }

    static Answer json(int status, JsonNode body) {
        return new Answer(status, JSON, Json.bytes(body), Map.of());
    }

    static Answer text(int status, String contentType, String body) {
        return new Answer(status, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** What Go's HTTP router says of a path that it does not know. */
    static Answer pageNotFound() {
        return text(404, "text/plain; charset=utf-8", "404 page not found\n");
    }

    static Answer error(int status, String message) {
        return json(status, Json.object().put("message", message));
    }

    Answer withHeader(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, body, Map.copyOf(more));
    }

    Answer withBody(byte[] newBody) {
        return new Answer(status, contentType, newBody, headers);
    }
}
