package com.xonetwork.tailnet.controlplane;

import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A key with which a machine joins (Tailscale: auth key; Headscale: pre-auth key).
 *
 * @param id to revoke it by
 * @param secret the key itself, only in the answer to its creation; null afterwards
 * @param description the caller's mark; empty where the service has no such field (Headscale): ask {@link JoinKeyMark}
 * @param tags tags that a device joining with it gets
 * @param expires when it stops being usable, by the control plane's clock; null where the service does not say
 * @param usable neither used up, expired nor revoked
 */
public record JoinKey(
        String id,
        @Nullable String secret,
        String description,
        SortedSet<String> tags,
        @Nullable Instant expires,
        boolean usable) {

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "JoinKey[id=" + id + ", description=" + description + ", tags=" + tags + ", expires=" + expires
                + ", usable=" + usable + "]";
    }
}
