package com.xonetwork.tailnet.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the body of a genuine delivery: a JSON array of {@code {timestamp, version, type, tailnet, message, data}}
 * (tailscale.com/kb/1213). Of these only the type matters, and whom it concerns: what a delivery says of a device is not
 * believed, the device list is.
 */
final class WebhookEvents {

    /** Longer ones are no names or ids of the service. */
    private static final int LONGEST = 128;

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /**
     * @param type for example {@code nodeCreated}
     * @param nodeId {@code data.nodeID}; empty where the event is about no node
     */
    record WebhookEvent(String type, String nodeId) {}

    /** The events; empty when the body is not what the service promises. */
    Optional<List<WebhookEvent>> read(byte[] body) {
        try {
            var tree = mapper.readTree(body);
            return tree == null || !tree.isArray() ? Optional.empty() : Optional.of(events(tree));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be read", e);
        }
    }

    private static List<WebhookEvent> events(JsonNode array) {
        var events = new ArrayList<WebhookEvent>();
        for (var entry : array) {
            events.add(new WebhookEvent(
                    text(entry.path("type")), text(entry.path("data").path("nodeID"))));
        }
        return List.copyOf(events);
    }

    private static String text(JsonNode value) {
        return value.isTextual() && value.asText().length() <= LONGEST ? value.asText() : "";
    }
}
