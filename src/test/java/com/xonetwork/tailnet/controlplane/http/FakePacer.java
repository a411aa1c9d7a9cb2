package com.xonetwork.tailnet.controlplane.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** Time that passes only when somebody waits: for one thread. */
final class FakePacer implements Pacer {

    private final List<Duration> pauses = new ArrayList<>();
    private @Nullable Runnable atNextWait;
    private long now = Long.MAX_VALUE - 1_000_000; // near the overflow that a real nanosecond clock may reach as well

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void await(Condition condition, long nanos) {
        var signal = atNextWait;
        if (signal == null) {
            now += nanos;
        } else {
            atNextWait = null;
            signal.run();
        }
    }

    /** Happens as soon as somebody waits, and ends the wait as a signal does. */
    void atNextWait(Runnable signal) {
        atNextWait = signal;
    }

    @Override
    public void pause(long nanos) {
        pauses.add(Duration.ofNanos(nanos));
        now += nanos;
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    List<Duration> pauses() {
        return pauses;
    }
}
