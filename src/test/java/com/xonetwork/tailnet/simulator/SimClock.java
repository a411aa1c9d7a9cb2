package com.xonetwork.tailnet.simulator;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The simulator's clock: that of its options, but while a change of the {@link Timetable} is made it shows the time that
 * the change was due. A device that went offline while nobody looked was then last seen at that time.
 */
final class SimClock extends Clock {

    private final Clock real;
    private final ThreadLocal<@Nullable Instant> moment = new ThreadLocal<>();

    SimClock(Clock real) {
        this.real = real;
    }

    /** Makes the change as of that time. */
    void during(Instant when, Runnable change) {
        moment.set(when);
        try {
            change.run();
        } finally {
            moment.remove();
        }
    }

    /** Whether this thread is making a change of the timetable now. */
    boolean isActing() {
        return moment.get() != null;
    }

    @Override
    public Instant instant() {
        var when = moment.get();
        return when == null ? real.instant() : when;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants only");
    }
}
