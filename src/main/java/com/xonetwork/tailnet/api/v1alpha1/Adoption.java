package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the operator does when it meets a machine that was in a tailnet before it. */
public enum Adoption {
    /** Finds out what would be changed on it, says so, and waits. */
    @JsonProperty("Plan")
    PLAN,
    /** Changes it. */
    @JsonProperty("Apply")
    APPLY
}
