package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The program that carries out an automation inside the runner's pod. */
public enum AutomationEngine {
    @JsonProperty("ansible")
    ANSIBLE("ansible"),
    @JsonProperty("fabric")
    FABRIC("fabric");

    // What the descriptions of fields say of each engine.

    static final String NAMES = "ansible or fabric.";
    static final String BUILTIN =
            "What the runner's image holds: a playbook of a collection for ansible (xo.tailnet.ping), a task of the"
                    + " image's fabfile for fabric (uptime).";
    static final String ENTRY =
            "What to run: the key that holds the playbook for ansible (site.yml), the key and the task for fabric"
                    + " (fabfile.py:restart). All other keys are beside it as files.";
    static final String VARIABLE =
            "The automation's variable (ansible) or keyword argument (fabric) that gets the value.";

    private final String word;

    AutomationEngine(String word) {
        this.word = word;
    }

    /** The word that resources and the runner know it by. */
    @Override
    public String toString() {
        return word;
    }
}
