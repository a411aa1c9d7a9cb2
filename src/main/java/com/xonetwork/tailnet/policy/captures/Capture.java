package com.xonetwork.tailnet.policy.captures;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyException;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A policy and what the live service made of it.
 *
 * @param policy its text
 * @param answer of the service
 * @param rules by the name of the node, in the service's JSON: what nodes were sent, if it was accepted. A node that is
 *     not there was not asked; one without rules is there with none
 */
public record Capture(
        String id, String policy, CapturedAnswer answer, Topology topology, Map<String, NodeRules> rules) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    public Capture {
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }

    /** @param packetFilter and {@code sshRules}: lists, empty if the service sent none; not to be changed */
    public record NodeRules(JsonNode packetFilter, JsonNode sshRules) {}

    /**
     * Reads one line of a file.
     *
     * @throws IllegalArgumentException if it is no capture
     */
    public static Capture parse(String line) {
        JsonNode json;
        try {
            json = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("invalid JSON: " + e.getOriginalMessage(), e);
        }
        String id = json.path("id").asText();
        JsonNode policy = json.path("policy");
        if (id.isEmpty() || policy.isMissingNode() || !json.path("status").isInt()) {
            throw new IllegalArgumentException("not a capture: \"id\", \"policy\" and \"status\" are needed");
        }
        boolean accepted = json.path("status").intValue() == 200;
        Map<String, NodeRules> rules = new LinkedHashMap<>();
        if (accepted) {
            json.path("captures").properties().forEach(field -> rules.put(field.getKey(), rules(field.getValue())));
        }
        try {
            return new Capture(
                    id,
                    policy.isTextual() ? policy.textValue() : policy.toString(),
                    new CapturedAnswer(
                            accepted,
                            accepted
                                    ? ""
                                    : json.path("response").path("message").asText()),
                    TopologyReader.read(json.path("topology")),
                    rules);
        } catch (TopologyException e) {
            throw new IllegalArgumentException(id + ": " + e.getMessage(), e);
        }
    }

    private static NodeRules rules(JsonNode json) {
        return new NodeRules(list(json.path("packet_filter_rules")), list(json.path("ssh_rules")));
    }

    private static JsonNode list(JsonNode json) {
        return json.isArray() ? json : MAPPER.createArrayNode();
    }
}
