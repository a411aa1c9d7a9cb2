package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Custom posture attributes of the tailnet's devices. Safe for use by several threads. */
final class PostureStore {

    private static final long LARGEST_SAFE = (1L << 53) - 1;

    private final Map<String, Map<String, Attribute>> byDevice = new HashMap<>();
    /** How a key was first written, and with what type: both hold for the whole tailnet from then on. */
    private final Map<String, First> firsts = new HashMap<>();

    /** @param expiry when it goes by itself; null for never */
    record Attribute(JsonNode value, @Nullable Instant expiry) {}

    private record First(String key, JsonNodeType type) {}

    /** The attributes of a device that have not expired. */
    synchronized Map<String, Attribute> of(String nodeId, Instant now) {
        var live = new TreeMap<>(byDevice.getOrDefault(nodeId, Map.of()));
        live.values().removeIf(attribute -> {
            var expiry = attribute.expiry();
            return expiry != null && !expiry.isAfter(now);
        });
        return live;
    }

    synchronized void set(String nodeId, String key, Attribute attribute) {
        var first = firsts.computeIfAbsent(
                key.toLowerCase(Locale.ROOT),
                same -> new First(key, attribute.value().getNodeType()));
        if (!first.key().equals(key)) {
            throw ApiError.badRequest("attribute key conflicts with existing key \"" + first.key() + "\"");
        }
        if (first.type() != attribute.value().getNodeType()) {
            throw ApiError.badRequest("attribute \"" + key + "\" has values of another type");
        }
        byDevice.computeIfAbsent(nodeId, id -> new TreeMap<>()).put(key, attribute);
    }

    synchronized void remove(String nodeId, String key) {
        byDevice.getOrDefault(nodeId, new TreeMap<>()).remove(key);
    }

    /** Refuses what is no custom attribute. The rules are those of the API document, the texts are ours. */
    static void check(String key, JsonNode value) {
        checkKey(key);
        var good = switch (value.getNodeType()) {
            case BOOLEAN -> true;
            case STRING -> value.textValue().matches("[A-Za-z0-9_.]{1,50}");
            case NUMBER -> value.isIntegralNumber() && Math.abs(value.asDouble()) <= LARGEST_SAFE;
            default -> false;
        };
        if (!good) {
            throw ApiError.badRequest("invalid attribute value");
        }
    }

    static void checkKey(String key) {
        if (!key.startsWith("custom:")) {
            throw ApiError.badRequest("attribute must be in the custom namespace");
        }
        if (key.length() > 128 || !key.matches("custom:[A-Za-z0-9_:]+")) {
            throw ApiError.badRequest("invalid attribute key");
        }
    }
}
