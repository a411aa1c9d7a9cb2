package com.xonetwork.tailnet.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request to the API server that changes something. */
final class KubernetesWrite {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String method;
    private final String path;
    private final String body;
    private final AtomicBoolean answered = new AtomicBoolean();

    KubernetesWrite(String method, String path, String body) {
        this.method = method;
        this.path = path;
        this.body = body;
    }

    /** Whether it is about a resource with this name, or tells of one. */
    boolean mentions(String name) {
        return path.contains(name) || body.contains(name);
    }

    /** The path of the object that it makes. While that is there, the API server refuses another. Empty for other writes. */
    Optional<String> makes() {
        if (!method.equals("POST")) {
            return Optional.empty();
        }
        try {
            var name = JSON.readTree(body).path("metadata").path("name").asText();
            return name.isEmpty() ? Optional.empty() : Optional.of(withoutQuery() + "/" + name);
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    /** The path of the object that it deletes. */
    Optional<String> deletes() {
        return method.equals("DELETE") ? Optional.of(withoutQuery()) : Optional.empty();
    }

    private String withoutQuery() {
        return path.split("\\?")[0];
    }

    /** The API server has carried it out, or refused it. */
    void answered() {
        answered.set(true);
    }

    boolean isAnswered() {
        return answered.get();
    }

    /** For example {@code PUT tailnetnodes/web-1/status}. */
    String what() {
        var parts = withoutQuery().split("/namespaces/[^/]*/");
        return method + " " + parts[parts.length - 1];
    }

    /** Without what differs from plan to plan: {@code PUT tailnetnodes/NAME/status}. */
    String what(String name) {
        return what().replace(name, "NAME");
    }
}
