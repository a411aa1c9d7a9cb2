package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to the device when its TailnetNode is deleted. */
public enum DeletionPolicy {
    /** The device leaves the tailnet. */
    @JsonProperty("Delete")
    DELETE,
    /** The device stays as it is. */
    @JsonProperty("Retain")
    RETAIN
}
