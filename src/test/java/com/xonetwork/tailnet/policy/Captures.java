package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What the live service answered: the files in {@code policy-captures}, whose README says what is in them. */
public final class Captures {

    public static final List<String> FILES =
            List.of("acl", "grant", "routes", "ssh", "policytest", "sshtest", "nodeattrs");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Captures() {}

    /**
     * @param policy the text that was set
     * @param message what the service said to a rejection; empty otherwise
     */
    public record Capture(
            String file, String id, String policy, int status, String message, JsonNode topology, JsonNode captures) {

        public boolean accepted() {
            return status == 200;
        }

        @Override
        public String toString() {
            return id;
        }
    }

    public static List<Capture> all() {
        return FILES.stream().flatMap(file -> of(file).stream()).toList();
    }

    public static List<Capture> of(String file) {
        var stream = Captures.class.getResourceAsStream("/policy-captures/" + file + ".jsonl");
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
                Stream<String> lines = reader.lines()) {
            return lines.map(line -> read(file, line)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Capture read(String file, String line) {
        try {
            JsonNode capture = JSON.readTree(line);
            JsonNode policy = capture.get("policy");
            return new Capture(
                    file,
                    capture.get("id").asText(),
                    policy.isTextual() ? policy.asText() : policy.toString(),
                    capture.get("status").asInt(),
                    capture.path("response").path("message").asText(""),
                    capture.get("topology"),
                    capture.path("captures"));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
