package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a HealPolicy goes. */
public enum HealMode {
    /** Tells which nodes are unhealthy, and nothing else. */
    @JsonProperty("Observe")
    OBSERVE,
    /** Tells what it would do. */
    @JsonProperty("Suggest")
    SUGGEST,
    @JsonProperty("Enforce")
    ENFORCE
}
