package com.xonetwork.tailnet.crash;

import java.util.concurrent.atomic.AtomicBoolean;

/** A request to the API server that changes something. */
final class KubernetesWrite {

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

    /** The API server has carried it out, or refused it. */
    void answered() {
        answered.set(true);
    }

    boolean isAnswered() {
        return answered.get();
    }

    /** Without what differs from plan to plan: {@code PATCH tailnetnodes/NAME/status}. */
    String what(String name) {
        var parts = path.split("\\?")[0].split("/namespaces/[^/]*/");
        return (method + " " + parts[parts.length - 1]).replace(name, "NAME");
    }
}
