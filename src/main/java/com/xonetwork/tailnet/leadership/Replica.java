package com.xonetwork.tailnet.leadership;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One process of the operator, as the Lease's {@code holderIdentity} names it: {@code <name>} or {@code <name>_<address>}. A
 * container that starts again in the same pod is the same replica, and goes on with its own Lease at once.
 *
 * @param name of the pod
 * @param address where the other replicas reach it; null where they cannot
 */
public record Replica(String name, @Nullable String address) {

    private static final char SEPARATOR = '_';

    /** Empty for a Lease that nobody holds. */
    static Optional<Replica> parse(@Nullable String identity) {
        if (identity == null || identity.isEmpty()) {
            return Optional.empty();
        }
        int at = identity.indexOf(SEPARATOR);
        return Optional.of(
                at < 0
                        ? new Replica(identity, null)
                        : new Replica(identity.substring(0, at), identity.substring(at + 1)));
    }

    /** What a Lease says. */
    String identity() {
        return address == null ? name : name + SEPARATOR + address;
    }
}
