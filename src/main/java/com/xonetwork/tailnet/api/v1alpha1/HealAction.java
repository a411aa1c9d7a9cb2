package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The built-in remedies, mildest first. They need a machine with {@code spec.join.ssh}. */
public enum HealAction {
    /** {@code tailscale up}, without logging in anew. */
    @JsonProperty("Reup")
    REUP,
    /** Restarts tailscaled. */
    @JsonProperty("RestartTailscaled")
    RESTART_TAILSCALED,
    /** Installs and starts what is missing, as at the first join, and logs in with a key for one use where that is needed. */
    @JsonProperty("Reprovision")
    REPROVISION,
    /** Logs in anew with a key for one use. */
    @JsonProperty("Rekey")
    REKEY,
    /** Restarts the machine. */
    @JsonProperty("Reboot")
    REBOOT
}
