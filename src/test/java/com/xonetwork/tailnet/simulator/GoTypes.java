package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DeviceRoutes;
import com.xonetwork.tailnet.controlplane.JoinKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The official client's types as ours. Everything that the two hold differently is spelt out here, and nothing else: Go has
 * no null in a string or a time, our device bears the first label of its name, no date for a key that never expires, and no
 * owner while it is tagged.
 */
final class GoTypes {

    private GoTypes() {}

    static List<Device> devices(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(GoTypes::device)
                .toList();
    }

    static Device device(JsonNode go) {
        var neverExpires = go.path("keyExpiryDisabled").asBoolean();
        var user = go.path("user").asText();
        return new Device(
                go.path("nodeId").asText(),
                go.path("id").asText(),
                go.path("name").asText().replaceAll("\\..*", ""),
                go.path("hostname").asText(),
                List.copyOf(texts(go.path("addresses"))),
                go.path("os").asText(),
                new TreeSet<>(texts(go.path("tags"))),
                user.equals("tagged-devices") ? null : user,
                go.path("authorized").asBoolean(),
                go.path("connectedToControl").asBoolean(),
                neverExpires,
                neverExpires ? null : time(go.path("expires")),
                time(go.path("lastSeen")),
                time(go.path("created")),
                go.path("isExternal").asBoolean(),
                go.path("isEphemeral").asBoolean(),
                // The client spells this one with a capital letter, in both directions.
                new TreeSet<>(texts(go.path("AdvertisedRoutes"))),
                new TreeSet<>(texts(go.path("enabledRoutes"))),
                null);
    }

    static DeviceRoutes routes(JsonNode go) {
        return new DeviceRoutes(
                new TreeSet<>(texts(go.path("advertisedRoutes"))), new TreeSet<>(texts(go.path("enabledRoutes"))));
    }

    static JoinKey joinKey(JsonNode go, Instant now) {
        var expires = time(go.path("expires"));
        var secret = go.path("key").asText();
        var revoked = time(go.path("revoked")) != null || go.path("invalid").asBoolean();
        return new JoinKey(
                go.path("id").asText(),
                secret.isEmpty() ? null : secret,
                go.path("description").asText(),
                tags(go),
                expires,
                !revoked && (expires == null || expires.isAfter(now)));
    }

    private static SortedSet<String> tags(JsonNode key) {
        return new TreeSet<>(texts(key.at("/capabilities/devices/create/tags")));
    }

    static List<JoinKey> joinKeys(JsonNode list, Instant now) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(key -> key.path("keyType").asText().equals("auth"))
                .map(key -> joinKey(key, now))
                .toList();
    }

    static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static @Nullable Instant time(JsonNode go) {
        var text = go.asText("");
        return text.isEmpty() || text.equals("null") || text.startsWith("0001-01-01")
                ? null
                : OffsetDateTime.parse(text).toInstant();
    }
}
