package com.xonetwork.tailnet.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.simulator.ManualClock;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservedLockTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final KubernetesClient unused = new KubernetesClientBuilder().build();
    private final ManualClock clock = new ManualClock(NOW);
    private long passed;
    private final Leadership leadership = new Leadership(() -> passed, clock, LEASE);
    private final Stored stored = new Stored();
    private final ObservedLock lock = new ObservedLock(stored, clock, leadership);

    @AfterEach
    void close() {
        unused.close();
    }

    private static LeaderElectionRecord held(String by, Instant renewed) {
        var time = ZonedDateTime.ofInstant(renewed, ZoneOffset.UTC);
        return new LeaderElectionRecord(by, LEASE, time, time, 0);
    }

    private Instant renewed() {
        return Objects.requireNonNull(lock.get(unused)).getRenewTime().toInstant();
    }

    private void pass(Duration time) {
        clock.advance(time);
        passed += time.toNanos();
    }

    @Test
    void aClockThatIsSetForwardTakesNoLease() {
        stored.record = held("one", NOW);
        renewed();
        clock.advance(Duration.ofHours(1));
        assertThat(Duration.between(renewed(), clock.instant())).isZero();
    }

    @Test
    void aHolderWhoseClockIsBehindIsNotRobbed() {
        stored.record = held("one", NOW.minus(Duration.ofHours(1)));
        assertThat(renewed()).isEqualTo(NOW);
        pass(Duration.ofSeconds(10));
        stored.record = held("one", NOW.minus(Duration.ofHours(1)).plusSeconds(10));
        assertThat(renewed()).isEqualTo(NOW.plusSeconds(10));
    }

    @Test
    void aHolderThatDoesNotRenewGrowsOldWhateverItsClockSays() {
        stored.record = held("one", NOW.plus(Duration.ofHours(1)));
        assertThat(renewed()).isEqualTo(NOW);
        pass(LEASE);
        assertThat(renewed()).isEqualTo(NOW);
    }

    @Test
    void itTellsWhoHoldsIt() {
        assertThat(lock.get(unused)).isNull();
        assertThat(leadership.leader()).isEmpty();
        stored.record = held("one_10.0.0.7", NOW);
        renewed();
        assertThat(leadership.leader()).contains(new Replica("one", "10.0.0.7"));
        stored.record = held("", NOW);
        renewed();
        assertThat(leadership.leader()).isEmpty();
    }

    @Test
    void whatIsGivenBackIsHeldByNobody() {
        var time = ZonedDateTime.ofInstant(NOW, ZoneOffset.UTC);
        lock.update(unused, new LeaderElectionRecord(null, LEASE, time, time, 3));
        assertThat(stored.record).isEqualTo(new LeaderElectionRecord("", LEASE, time, time, 3));
    }

    private static final class Stored implements Lock {
        private @Nullable LeaderElectionRecord record;

        @Override
        public @Nullable LeaderElectionRecord get(KubernetesClient client) {
            return record;
        }

        @Override
        public void create(KubernetesClient client, LeaderElectionRecord created) {
            record = created;
        }

        @Override
        public void update(KubernetesClient client, LeaderElectionRecord updated) {
            record = updated;
        }

        @Override
        public String identity() {
            return "me";
        }

        @Override
        public String describe() {
            return "stored";
        }
    }
}
