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
    /** Nothing was run on it yet, or the run was ended, or broken off, before its turn. */
    @JsonProperty("pending")
    PENDING,
    /** Nothing was to be run on it: no play or task was for it. */
    @JsonProperty("skipped")
    SKIPPED,
    @JsonProperty("changed")
    CHANGED,
    @JsonProperty("ok")
    OK
}
