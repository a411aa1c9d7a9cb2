package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Devices as the service writes them: what is false or empty is left out, as is {@code lastSeen} while connected. */
final class DeviceJson {

    /** What the service writes for a time that was never set. */
    private static final String ZERO_TIME = "0001-01-01T00:00:00Z";

    /** The same for all: nothing here decides on it, but it is a good part of what a list weighs. */
    private static final ObjectNode CONNECTIVITY = connectivity();

    private static ObjectNode connectivity() {
        var node = Json.object();
        node.putArray("endpoints").add("199.9.14.201:59128").add("192.68.0.21:59128");
        node.put("mappingVariesByDestIP", false);
        var latency = node.putObject("latency");
        latency.putObject("Frankfurt").put("preferred", true).put("latencyMs", 11.4);
        latency.putObject("Amsterdam").put("latencyMs", 18.2);
        node.putObject("clientSupports")
                .putNull("hairPinning")
                .put("ipv6", false)
                .put("pcp", false)
                .put("pmp", false)
                .put("udp", true)
                .put("upnp", false);
        return node;
    }

    private static final Set<String> BOOLEANS = Set.of(
            "updateAvailable",
            "connectedToControl",
            "keyExpiryDisabled",
            "authorized",
            "isExternal",
            "multipleConnections",
            "blocksIncomingConnections",
            "sshEnabled",
            "isEphemeral");

    private final String dnsSuffix;

    DeviceJson(String dnsSuffix) {
        this.dnsSuffix = dnsSuffix;
    }

    ObjectNode write(SimDevice device, boolean allFields) {
        var node = Json.object();
        Json.putIfAny(node, "addresses", device.addresses());
        node.put("id", device.legacyId())
                .put("nodeId", device.nodeId())
                .put("user", device.user())
                .put("name", device.name() + "." + dnsSuffix)
                .put("hostname", device.hostname())
                .put("clientVersion", device.external() ? "" : device.clientVersion())
                .put("os", device.os())
                .put("created", device.external() ? "" : timeOrZero(device.created()))
                .put("expires", device.external() ? "" : timeOrZero(device.expires()))
                .put("machineKey", device.external() ? "" : "mkey:" + device.legacyId())
                .put("nodeKey", "nodekey:" + device.legacyId())
                .put("tailnetLockKey", "")
                .put("tailnetLockError", "");
        var lastSeen = device.lastSeen();
        if (lastSeen != null && !device.connected()) {
            node.put("lastSeen", Json.time(lastSeen));
        }
        Json.putIfTrue(node, "updateAvailable", device.updateAvailable());
        Json.putIfTrue(node, "connectedToControl", device.connected());
        Json.putIfTrue(node, "keyExpiryDisabled", device.keyExpiryDisabled());
        Json.putIfTrue(node, "authorized", device.authorized());
        Json.putIfTrue(node, "isExternal", device.external());
        Json.putIfTrue(node, "isEphemeral", device.ephemeral());
        Json.putIfAny(node, "tags", device.external() ? List.of() : device.tags());
        if (allFields) {
            Json.putIfTrue(node, "sshEnabled", device.sshEnabled());
            writeRoutes(node, device);
            if (!device.external() && device.os().equals("linux")) {
                node.putObject("distro")
                        .put("name", "debian")
                        .put("version", "13")
                        .put("codeName", "trixie");
            }
            if (device.connected()) {
                node.set("clientConnectivity", CONNECTIVITY);
            }
        }
        return node;
    }

    static ObjectNode routes(SimDevice device) {
        return writeRoutes(Json.object(), device);
    }

    private static ObjectNode writeRoutes(ObjectNode node, SimDevice device) {
        Json.putIfAny(node, "advertisedRoutes", device.advertisedRoutes());
        Json.putIfAny(node, "enabledRoutes", device.enabledRoutes());
        return node;
    }

    /** Whether the device has all the wanted values, exactly; a list has a value when it contains it. */
    boolean matches(SimDevice device, Map<String, List<String>> filters) {
        var node = write(device, true);
        return filters.entrySet().stream()
                .allMatch(filter -> filter.getValue().stream().allMatch(value -> has(node, filter.getKey(), value)));
    }

    private static boolean has(JsonNode device, String field, String wanted) {
        var value = device.path(field);
        if (BOOLEANS.contains(field)) {
            return Boolean.toString(value.asBoolean(false)).equals(wanted);
        }
        if (value.isArray()) {
            for (var element : value) {
                if (element.asText().equals(wanted)) {
                    return true;
                }
            }
            return false;
        }
        return value.isValueNode() && value.asText().equals(wanted);
    }

    private static String timeOrZero(@Nullable Instant instant) {
        return instant == null ? ZERO_TIME : Json.time(instant);
    }
}
