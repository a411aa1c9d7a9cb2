package com.xonetwork.tailnet.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** A {@link ManualClock} on a slow machine: a millisecond goes by between two looks at it. */
public final class TickingClock extends Clock {

    private final ManualClock clock;

    public TickingClock(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        clock.advance(Duration.ofMillis(1));
        return clock.instant();
    }

    @Override
    public ZoneId getZone() {
        return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants only");
    }
}
