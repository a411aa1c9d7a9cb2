package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What to do with a machine whose SSH host key is not known. */
public enum HostKeyPolicy {
    /** It counts as unreachable. */
    @JsonProperty("Strict")
    STRICT,
    /** Its first key is believed and recorded; from then on only that one. */
    @JsonProperty("TrustOnFirstUse")
    TRUST_ON_FIRST_USE
}
