package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The program that carries out an automation inside the runner's pod. */
public enum AutomationEngine {
    @JsonProperty("ansible")
    ANSIBLE("ansible"),
    @JsonProperty("fabric")
    FABRIC("fabric");

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
