package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens when a run of the same template is under way. One machine never has two runs at a time, whatever this says. */
public enum ConcurrencyPolicy {
    @JsonProperty("Allow")
    ALLOW,
    /** The later one waits. */
    @JsonProperty("Forbid")
    FORBID,
    /** The earlier one is cancelled. */
    @JsonProperty("Replace")
    REPLACE
}
