package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which devices without a TailnetNode get one. */
public enum DeviceImport {
    /** None. In YAML write it quoted: unquoted {@code Off} is a boolean there. */
    @JsonProperty("Off")
    OFF,
    /** Those that at least one NodeClass matches. */
    @JsonProperty("Matching")
    MATCHING,
    /** All. */
    @JsonProperty("All")
    ALL
}
