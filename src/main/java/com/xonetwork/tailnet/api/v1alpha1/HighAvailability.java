package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How several routers share a route. Both control planes know this one way only. */
public enum HighAvailability {
    @JsonProperty("ActiveStandby")
    ACTIVE_STANDBY
}
