package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the operator's own judgement of a policy does to its publication. */
public enum PolicyValidation {
    @JsonProperty("Enforce")
    ENFORCE,
    @JsonProperty("Warn")
    WARN
}
