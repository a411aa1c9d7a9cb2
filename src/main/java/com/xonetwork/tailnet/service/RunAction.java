package com.xonetwork.tailnet.service;

/**
 * Something done with AutomationRuns, in the words of Kubernetes RBAC.
 *
 * @param verb create, get, list or patch
 * @param namespace empty for all namespaces
 * @param run name; empty for none in particular
 */
public record RunAction(String verb, String namespace, String run) {

    static RunAction create(String namespace) {
        return new RunAction("create", namespace, "");
    }

    static RunAction list(String namespace) {
        return new RunAction("list", namespace, "");
    }

    static RunAction get(RunId run) {
        return new RunAction("get", run.namespace(), run.name());
    }

    static RunAction patch(RunId run) {
        return new RunAction("patch", run.namespace(), run.name());
    }

    @Override
    public String toString() {
        return verb + " automationruns" + (run.isEmpty() ? "" : " " + run)
                + (namespace.isEmpty() ? " in all namespaces" : " in namespace " + namespace);
    }
}
