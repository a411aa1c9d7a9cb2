package com.xonetwork.tailnet.boot;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * For what is due in this process, and for what came before what: it shows the time at which the process started, and how long it has
 * run since. Nobody can set it, so no wait gets longer because a machine's clock was set back. It stands still while the machine is
 * suspended; how old something is must be asked of the machine's clock as well.
 *
 * <p>Its instants mean something to this process alone. They are never written down, shown, or compared with a time from elsewhere.
 */
public final class SteadyClock extends Clock {

    private final LongSupplier nanos;
    private final long began;
    private final Instant origin;
    private final ZoneId zone;

    /**
     * @param nanos goes on evenly, from any number
     * @param origin what it shows now
     */
    public SteadyClock(LongSupplier nanos, Instant origin) {
        this(nanos, nanos.getAsLong(), origin, ZoneOffset.UTC);
    }

    private SteadyClock(LongSupplier nanos, long began, Instant origin, ZoneId zone) {
        this.nanos = nanos;
        this.began = began;
        this.origin = origin;
        this.zone = zone;
    }

    @Override
    public Instant instant() {
        return origin.plusNanos(nanos.getAsLong() - began);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new SteadyClock(nanos, began, origin, other);
    }
}
