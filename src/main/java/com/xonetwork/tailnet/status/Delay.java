package com.xonetwork.tailnet.status;

import java.time.Duration;

/** How long until a resource is looked at again. */
public final class Delay {

    /** A sooner look would only repeat the one that asks for it. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private Delay() {}

    /**
     * A time that is over already, by this clock or by another, becomes a short wait: of a negative delay the SDK's timer
     * throws, and of none there would be a look at once, again and again.
     */
    public static Duration safe(Duration wait) {
        return wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait;
    }
}
