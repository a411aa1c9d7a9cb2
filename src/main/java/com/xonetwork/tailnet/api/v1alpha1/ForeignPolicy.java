package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What to do with a policy file that somebody else wrote. */
public enum ForeignPolicy {
    @JsonProperty("Refuse")
    REFUSE,
    @JsonProperty("Replace")
    REPLACE
}
