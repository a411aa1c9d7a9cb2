package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.simulator.PostureStore.Attribute;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** The operations on posture attributes: {@code node:*} comes from the device, {@code custom:*} from the API. */
final class PostureEndpoints {

    private final Clock clock;
    private final DeviceStore devices;
    private final PostureStore posture;

    PostureEndpoints(Clock clock, DeviceStore devices, PostureStore posture) {
        this.clock = clock;
        this.devices = devices;
        this.posture = posture;
    }

    Answer get(Call call) {
        return Answer.json(write(found(call.parameter("deviceId"))));
    }

    Answer set(Call call) {
        var device = found(call.parameter("deviceId"));
        var body = call.json();
        if (body.path("comment").asText("").length() > 200) {
            throw ApiError.badRequest("comment is too long");
        }
        put(device, call.parameter("attributeKey"), body);
        return Answer.json(write(device));
    }

    Answer delete(Call call) {
        var device = found(call.parameter("deviceId"));
        PostureStore.checkKey(call.parameter("attributeKey"));
        posture.remove(device.nodeId(), call.parameter("attributeKey"));
        return Answer.json(write(device));
    }

    /** A JSON Merge Patch over many devices: what is not named stays, null removes. */
    Answer update(Call call) {
        var nodes = call.json().path("nodes");
        for (var node : nodes.properties()) {
            var device = found(node.getKey());
            for (var attribute : node.getValue().properties()) {
                if (attribute.getValue().isNull()) {
                    PostureStore.checkKey(attribute.getKey());
                    posture.remove(device.nodeId(), attribute.getKey());
                } else {
                    put(device, attribute.getKey(), attribute.getValue());
                }
            }
        }
        return Answer.json(Json.object());
    }

    private void put(SimDevice device, String key, JsonNode attribute) {
        PostureStore.check(key, attribute.path("value"));
        posture.set(device.nodeId(), key, new Attribute(attribute.path("value"), expiry(attribute.path("expiry"))));
    }

    /** The official Go client sends its zero time where there is none. */
    private static @Nullable Instant expiry(JsonNode value) {
        if (value.asText("").isEmpty() || value.asText().startsWith("0001-01-01")) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value.asText()).toInstant();
        } catch (DateTimeException e) {
            throw ApiError.badRequest("invalid expiry");
        }
    }

    private SimDevice found(String deviceId) {
        return devices.find(deviceId).orElseThrow(ApiError::noDevice);
    }

    private ObjectNode write(SimDevice device) {
        var body = Json.object();
        var attributes = body.putObject("attributes");
        attributes
                .put("node:os", device.os())
                .put("node:tsVersion", device.clientVersion())
                .put("node:tsReleaseTrack", "stable")
                .put("node:tsAutoUpdate", false)
                .put("node:tsStateEncrypted", false);
        var expiries = Json.object();
        posture.of(device.nodeId(), clock.instant()).forEach((key, attribute) -> {
            attributes.set(key, attribute.value());
            var expiry = attribute.expiry();
            if (expiry != null) {
                expiries.put(key, Json.time(expiry));
            }
        });
        if (!expiries.isEmpty()) {
            body.set("expiries", expiries);
        }
        return body;
    }
}
