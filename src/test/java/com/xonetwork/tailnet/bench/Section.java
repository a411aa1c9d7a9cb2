package com.xonetwork.tailnet.bench;

/** What the report is divided into, in its order; each says what it puts beside the operator. */
enum Section {
    START("Start", "the least that any operator does: a JVM that lists and watches four kinds and writes once"),
    FILLED(
            "Start with a fleet",
            "a no-op reconciler of the same framework, from the start of its JVM until its one cache is filled; the operator: until it leads and all its caches are filled"),
    CONVERGENCE(
            "Convergence",
            "a no-op reconciler of the same framework, which writes one Ready condition for each node; for the import: the same objects and statuses written by eight threads"),
    CHANGE(
            "From a changed spec to Ready",
            "a no-op reconciler, which writes one status; the operator makes a call to the control plane and writes an Event besides"),
    POLL("Poll", "a no-op reconciler with as many nodes, over the same time: it polls nothing"),
    MEMORY("Memory", "a no-op reconciler with as many nodes: one cache, and nothing known of a tailnet"),
    CALLS(
            "Control-plane calls in the steady state",
            "one call for each node at each poll, as it would be without a snapshot of the whole tailnet"),
    FAILOVER(
            "Failover",
            "a no-op reconciler with the framework's own leader election, whose Lease lasts as long; until a node made afterwards has a status"),
    SERVICE("Service Manager API", "the same objects made straight at the API server, at the same rate"),
    POLICY("Policy engine", "");

    private final String title;
    private final String reference;

    Section(String title, String reference) {
        this.title = title;
        this.reference = reference;
    }

    String title() {
        return title;
    }

    /** What the reference column has; empty where there is none. */
    String reference() {
        return reference;
    }
}
