package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which machines a further attempt runs on. */
public enum RetryScope {
    @JsonProperty("All")
    ALL,
    /** Those where a task failed, and those that were not reached. */
    @JsonProperty("FailedHosts")
    FAILED_HOSTS,
    @JsonProperty("UnreachableHosts")
    UNREACHABLE_HOSTS
}
