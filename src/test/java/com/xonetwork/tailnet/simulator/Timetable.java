package com.xonetwork.tailnet.simulator;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is going to happen by itself, by the simulator's clock, be it real or moved by hand: machines that appear, go
 * offline, come back.
 *
 * <pre>{@code
 * tailscale.timetable().in(Duration.ofMinutes(5), () -> tailscale.offline(id));
 * }</pre>
 *
 * What is due happens before the next call is answered and before the next look at the tailnet. Safe for use by several
 * threads.
 */
public final class Timetable {

    private static final Logger LOGGER = System.getLogger(Timetable.class.getName());

    private final SimClock clock;
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::when).thenComparing(Entry::number));
    private final ReentrantLock happening = new ReentrantLock();
    private long added;

    Timetable(SimClock clock) {
        this.clock = clock;
    }

    private record Entry(Instant when, long number, Runnable change) {}

    /** At that time; at once if it is over. */
    public synchronized void at(Instant when, Runnable change) {
        entries.add(new Entry(when, ++added, change));
    }

    /** After this time. */
    public void in(Duration time, Runnable change) {
        at(clock.instant().plus(time), change);
    }

    /** Again and again, after this time each. */
    public void every(Duration time, Runnable change) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("'every' needs a time above zero");
        }
        in(time, () -> {
            change.run();
            every(time, change);
        });
    }

    /**
     * Lets happen what is due, in its order, and returns when it has happened, whoever made it. A change that fails (its
     * device is gone) is logged, not passed on.
     */
    void catchUp() {
        happening.lock();
        try {
            for (var entry = next(); entry != null; entry = next()) {
                perform(entry);
            }
        } finally {
            happening.unlock();
        }
    }

    private void perform(Entry entry) {
        try {
            clock.during(entry.when(), entry.change());
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "what was to happen at " + entry.when() + " failed", e);
        }
    }

    private synchronized @Nullable Entry next() {
        var first = entries.peek();
        return first == null || first.when().isAfter(clock.instant()) ? null : entries.poll();
    }
}
