package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of approved routes that nobody declared. */
public enum UnmanagedRoutes {
    @JsonProperty("Keep")
    KEEP,
    @JsonProperty("Remove")
    REMOVE
}
