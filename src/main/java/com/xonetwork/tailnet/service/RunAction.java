package com.xonetwork.tailnet.service;

/**
 * Something done with AutomationRuns, in the words of Kubernetes RBAC.
 *
 * @param verb create, get, list, patch or update
 * @param subresource empty for the run itself
 * @param namespace empty for all namespaces
 * @param run name; empty for none in particular
 */
public record RunAction(String verb, String subresource, String namespace, String run) {

    static RunAction create(String namespace) {
        return new RunAction("create", "", namespace, "");
    }

    static RunAction list(String namespace) {
        return new RunAction("list", "", namespace, "");
    }

    static RunAction get(RunId run) {
        return new RunAction("get", "", run.namespace(), run.name());
    }

    static RunAction patch(RunId run) {
        return new RunAction("patch", "", run.namespace(), run.name());
    }

    /** To approve or deny it. No such path exists at the API server: its admission policy asks for the same right. */
    static RunAction decide(RunId run) {
        return new RunAction("update", "approval", run.namespace(), run.name());
    }

    @Override
    public String toString() {
        return verb + " automationruns" + (subresource.isEmpty() ? "" : "/" + subresource)
                + (run.isEmpty() ? "" : " " + run)
                + (namespace.isEmpty() ? " in all namespaces" : " in namespace " + namespace);
    }
}
