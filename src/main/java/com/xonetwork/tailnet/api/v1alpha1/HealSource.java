package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who says something of how a node is. */
public enum HealSource {
    /** The conditions of its TailnetNode, which are what the control plane shows. */
    @JsonProperty("ControlPlane")
    CONTROL_PLANE,
    /**
     * The last built-in remedy, which looks at the machine's own tailscaled in the end: down when that was not running or not
     * reached, up when it was running.
     */
    @JsonProperty("LastRun")
    LAST_RUN,
    /** Whether the machine answers as an SSH server. Not asked for built-in remedies, which need it to. */
    @JsonProperty("Ssh")
    SSH;

    /** As a spec and a decision write it. */
    public String word() {
        return ConstantWords.camelCase(this);
    }
}
