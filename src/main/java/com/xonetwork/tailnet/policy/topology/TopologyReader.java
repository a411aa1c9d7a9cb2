package com.xonetwork.tailnet.policy.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads a topology from JSON, in the format of the captures:
 *
 * <pre>{@code
 * {"users": [{"id": 1, "name": "ann", "email": "ann@example.com", "role": "admin"}],
 *  "nodes": {"web-1": {"tags": ["tag:web"], "user": "ann", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1",
 *                      "routable_ips": ["10.0.0.0/8"], "approved_routes": ["10.0.0.0/8"],
 *                      "attributes": {"node:os": "linux"}}}}
 * }</pre>
 *
 * <p>Everything in a user or node may be left out but the user's name; what is not known is passed over, because files of
 * other programs carry more than a policy asks for.
 */
public final class TopologyReader {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TopologyReader() {}

    /** @throws TopologyException if the text is no JSON or no topology */
    public static Topology read(String json) {
        try {
            return read(MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            throw new TopologyException("invalid JSON: " + e.getOriginalMessage() + " at line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        }
    }

    /** @throws TopologyException if it is no topology */
    public static Topology read(JsonNode json) {
        if (!json.isObject()) {
            throw new TopologyException("a topology is an object with \"users\" and \"nodes\"");
        }
        List<TopologyUser> users = new ArrayList<>();
        JsonNode listed = json.path("users");
        if (!listed.isMissingNode() && !listed.isNull() && !listed.isArray()) {
            throw new TopologyException("users: not a list");
        }
        for (int i = 0; i < listed.size(); i++) {
            users.add(user(listed.path(i), "users[" + i + "]"));
        }
        Map<String, String> names = new LinkedHashMap<>();
        users.forEach(user -> {
            names.put(user.email(), user.name());
            names.put(user.name(), user.name());
        });
        JsonNode named = json.path("nodes");
        if (!named.isMissingNode() && !named.isNull() && !named.isObject()) {
            throw new TopologyException("nodes: not an object of nodes by name");
        }
        List<TopologyNode> nodes = new ArrayList<>();
        named.properties().forEach(field -> nodes.add(node(field.getKey(), field.getValue(), names)));
        return new Topology(users, nodes);
    }

    private static TopologyUser user(JsonNode json, String place) {
        String name = text(json, "name", place);
        if (name.isEmpty()) {
            throw new TopologyException(place + ".name: missing");
        }
        return new TopologyUser(json.path("id").asText(), name, text(json, "email", place), text(json, "role", place));
    }

    private static TopologyNode node(String name, JsonNode json, Map<String, String> users) {
        String place = "nodes." + name;
        if (!json.isObject()) {
            throw new TopologyException(place + ": not an object");
        }
        String user = text(json, "user", place);
        List<IpAddress> addresses = new ArrayList<>();
        for (String family : List.of("ipv4", "ipv6")) {
            String address = text(json, family, place);
            if (!address.isEmpty()) {
                addresses.add(read(address, IpAddress::parse, "IP address", place + "." + family));
            }
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        json.path("attributes")
                .properties()
                .forEach(
                        field -> attributes.put(field.getKey(), field.getValue().asText()));
        return new TopologyNode(
                name,
                users.getOrDefault(user, user),
                texts(json, "tags", place, Optional::of, "tag"),
                addresses,
                texts(json, "routable_ips", place, IpPrefix::parse, "IP prefix"),
                texts(json, "approved_routes", place, IpPrefix::parse, "IP prefix"),
                attributes);
    }

    private static <T> List<T> texts(
            JsonNode json, String field, String place, Function<String, Optional<T>> reading, String kind) {
        JsonNode list = json.path(field);
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw new TopologyException(place + "." + field + ": not a list");
        }
        List<T> values = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.path(i).isTextual()) {
                throw new TopologyException(place + "." + field + "[" + i + "]: not a string");
            }
            values.add(read(list.path(i).textValue(), reading, kind, place + "." + field + "[" + i + "]"));
        }
        return values;
    }

    private static <T> T read(String text, Function<String, Optional<T>> reading, String kind, String place) {
        return reading.apply(text)
                .orElseThrow(() -> new TopologyException(place + ": not an " + kind + ": \"" + text + "\""));
    }

    private static String text(JsonNode json, String field, String place) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw new TopologyException(place + "." + field + ": not a string");
        }
        return value.textValue();
    }
}
