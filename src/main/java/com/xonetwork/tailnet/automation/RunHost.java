package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A machine as the runner gets to know it.
 *
 * @param name of its TailnetNode
 * @param hostKey its public SSH host key, where the run itself brings one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunHost(
        String name,
        String address,
        int port,
        String user,
        @Nullable String hostKey) {

    private static final int SSH = 22;

    /** Line of a known_hosts file; null without a key. */
    @Nullable
    String knownHost() {
        return hostKey == null ? null : (port == SSH ? address : "[" + address + "]:" + port) + " " + hostKey;
    }
}
