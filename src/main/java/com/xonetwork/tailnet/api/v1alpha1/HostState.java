package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of one machine in a run, the worst first. */
public enum HostState {
    @JsonProperty("unreachable")
    UNREACHABLE,
    @JsonProperty("failed")
    FAILED,
    /** A task was under way when last heard of. */
    @JsonProperty("running")
    RUNNING,
    /** Nothing was run on it. */
    @JsonProperty("skipped")
    SKIPPED,
    @JsonProperty("changed")
    CHANGED,
    @JsonProperty("ok")
    OK
}
