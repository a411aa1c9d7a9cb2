package com.xonetwork.tailnet.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.simulator.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeadershipTest {

    private static final Duration FRESH = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(-5);
    private final ManualClock wall = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final Leadership leadership = new Leadership(nanos::get, wall, FRESH);

    @Test
    void aStandbyMayWriteWhatTheApiAsksFor() {
        nanos.addAndGet(FRESH.multipliedBy(9).toNanos());
        assertThat(leadership.leads()).isFalse();
        assertThat(leadership.mayWrite()).isTrue();
    }

    @Test
    void aLeaderMayWriteAsLongAfterItsRenewalAsNobodyElseCanLead() {
        leadership.renewed(leadership.now());
        leadership.won();
        nanos.addAndGet(FRESH.toNanos());
        assertThat(leadership.mayWrite()).isTrue();
        nanos.addAndGet(1);
        assertThat(leadership.mayWrite()).isFalse();
        leadership.renewed(leadership.now());
        assertThat(leadership.mayWrite()).isTrue();
    }

    /** The even clock stands still in a suspended machine, and another replica leads when it wakes. */
    @Test
    void aLeaderThatWasSuspendedWritesNothing() {
        leadership.renewed(leadership.now());
        leadership.won();
        wall.advance(FRESH.plusMillis(1));
        assertThat(leadership.mayWrite()).isFalse();
    }

    @Test
    void aClockThatIsSetBackGivesNoMoreTime() {
        leadership.renewed(leadership.now());
        leadership.won();
        wall.advance(Duration.ofHours(-1));
        nanos.addAndGet(FRESH.toNanos() + 1);
        assertThat(leadership.mayWrite()).isFalse();
    }

    @Test
    void theOnlyReplicaLosesNothing() {
        var alone = new Leadership();
        assertThat(alone.leads()).isTrue();
        assertThat(alone.mayWrite()).isTrue();
    }

    @Test
    void anIdentityIsReadAsItWasWritten() {
        for (var replica : new Replica[] {
            new Replica("xo-1", "10.0.0.7"), new Replica("xo-1", "fd00::7"), new Replica("xo-1", null)
        }) {
            assertThat(Replica.parse(replica.identity())).contains(replica);
        }
        assertThat(Replica.parse("")).isEmpty();
        assertThat(Replica.parse(null)).isEmpty();
    }
}
