package com.xonetwork.tailnet.leadership;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of who leads. Once it leads it does so to its end: whoever loses the Lease ends the process, because
 * nothing that was decided before may be written after it.
 *
 * <p>It is a fence as well. A process that was paused for longer than a Lease lasts goes on in the middle of what it did; before it
 * hears that another leads, {@link #mayWrite} is false already: it goes by this machine's own clocks, of which one goes on meanwhile.
 */
public final class Leadership {

    private final LongSupplier nanos;
    private final InstantSource wall;
    private final boolean elected;
    private final long freshFor;
    private volatile boolean leads;
    private volatile @Nullable Moment renewed;
    private volatile @Nullable Replica leader;

    /** The only replica there is. It has nobody to lose a Lease to. */
    public Leadership() {
        this(System::nanoTime, () -> Instant.EPOCH, Duration.ZERO, false);
    }

    /**
     * One of several.
     *
     * @param nanos goes on evenly, but stands still while the machine is suspended
     * @param wall goes on meanwhile, but can be set
     * @param freshFor how long after the Lease was renewed this process may write
     */
    public Leadership(LongSupplier nanos, InstantSource wall, Duration freshFor) {
        this(nanos, wall, freshFor, true);
    }

    private Leadership(LongSupplier nanos, InstantSource wall, Duration freshFor, boolean elected) {
        this.nanos = nanos;
        this.wall = wall;
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
        if (!elected || !leads) {
            return true;
        }
        var last = renewed;
        return last != null && passedSince(last) <= freshFor;
    }

    /** Whichever clock says that more has passed: one stood still if the machine was suspended, one may have been set back. */
    private long passedSince(Moment moment) {
        var byWall = Duration.between(moment.wall(), wall.instant());
        return Math.max(
                nanos.getAsLong() - moment.nanos(),
                byWall.toSeconds() > Integer.MAX_VALUE ? Long.MAX_VALUE : byWall.toNanos());
    }

    void sees(@Nullable Replica holder) {
        leader = holder;
    }

    /** By both clocks. */
    record Moment(long nanos, Instant wall) {}

    /** @param at when the renewal that succeeded was begun */
    void renewed(Moment at) {
        renewed = at;
    }

    Moment now() {
        return new Moment(nanos.getAsLong(), wall.instant());
    }

    /** The Lease is this process's now, to its end. */
    void won() {
        leads = true;
    }
}
