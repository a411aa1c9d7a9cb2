package com.xonetwork.tailnet.leadership;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of who leads. Once it leads it does so to its end: whoever loses the Lease ends the process, because
 * nothing that was decided before may be written after it.
 *
 * <p>It is a fence as well. A process that was paused for longer than a Lease lasts goes on in the middle of what it did; before it
 * hears that another leads, {@link #mayWrite} is false already: it goes by this machine's own clock, which goes on meanwhile.
 */
public final class Leadership {

    private final LongSupplier nanos;
    private final boolean elected;
    private final long freshFor;
    private volatile boolean leads;
    private volatile long renewed;
    private volatile @Nullable Replica leader;

    /** The only replica there is. It has nobody to lose a Lease to. */
    public Leadership() {
        this(System::nanoTime, Duration.ZERO, false);
    }

    /** One of several. @param freshFor how long after the Lease was renewed this process may write */
    public Leadership(LongSupplier nanos, Duration freshFor) {
        this(nanos, freshFor, true);
    }

    private Leadership(LongSupplier nanos, Duration freshFor, boolean elected) {
        this.nanos = nanos;
        this.freshFor = freshFor.toNanos();
        this.elected = elected;
        this.leads = !elected;
    }

    /** Whether this process reconciles, or is about to: it is the only one, or it has, or had, the Lease. */
    public boolean leads() {
        return leads;
    }

    /** Who held the Lease when it was last looked at. */
    public Optional<Replica> leader() {
        return Optional.ofNullable(leader);
    }

    /** False for a leader whose Lease may be another's by now; a standby has only what it is asked for by the API to write. */
    public boolean mayWrite() {
        return !elected || !leads || nanos.getAsLong() - renewed <= freshFor;
    }

    void sees(@Nullable Replica holder) {
        leader = holder;
    }

    /** @param at when the renewal that succeeded was begun, by the same clock as the fence */
    void renewed(long at) {
        renewed = at;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    /** The Lease is this process's now, to its end. */
    void won() {
        leads = true;
    }
}
