package com.xonetwork.tailnet.crash;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** A request to the API server that changes something. */
final class KubernetesWrite {

    private static final Pattern EVENT_NAME = Pattern.compile("\"metadata\":\\{\"name\":\"([^\"]+)\"");

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

    /** An Event with this name is there already: the API server refuses another. Empty for other writes. */
    Optional<String> event() {
        return method.equals("POST") && path.endsWith("/events")
                ? EVENT_NAME
                        .matcher(body)
                        .results()
                        .map(found -> found.group(1))
                        .findFirst()
                : Optional.empty();
    }

    /** The API server has carried it out, or refused it. */
    void answered() {
        answered.set(true);
    }

    boolean isAnswered() {
        return answered.get();
    }

    /** For example {@code PATCH tailnetnodes/web-1/status}. */
    String what() {
        var parts = path.split("\\?")[0].split("/namespaces/[^/]*/");
        return method + " " + parts[parts.length - 1];
    }

    /** Without what differs from plan to plan: {@code PATCH tailnetnodes/NAME/status}. */
    String what(String name) {
        return what().replace(name, "NAME");
    }
}
