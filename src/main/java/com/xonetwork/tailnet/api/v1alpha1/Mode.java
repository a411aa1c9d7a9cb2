package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the operator makes something true, or only tells how far from true it is. */
public enum Mode {
    @JsonProperty("Enforce")
    ENFORCE,
    @JsonProperty("Observe")
    OBSERVE
}
