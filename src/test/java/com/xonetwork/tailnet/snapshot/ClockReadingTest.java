package com.xonetwork.tailnet.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.ClockSkew;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClockReadingTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private static ClockReading next(ClockReading before, long secondsAhead) {
        return ClockReading.next(before, new ClockSkew(Duration.ofSeconds(secondsAhead), Duration.ofSeconds(2)));
    }

    @Test
    void upToAMinuteAndWhatMayBeMismeasuredIsAgreement() {
        assertThat(next(null, 0).inSync()).isTrue();
        assertThat(next(null, 62).inSync()).isTrue();
        assertThat(next(null, -62).inSync()).isTrue();
        assertThat(next(null, 63).inSync()).isFalse();
        assertThat(next(null, -63).inSync()).isFalse();
        assertThat(ClockReading.next(null, new ClockSkew(Duration.ofMinutes(2), Duration.ofMinutes(1)))
                        .inSync())
                .isTrue();
    }

    @Test
    void atTheLimitItDoesNotGoBackAndForth() {
        var off = next(null, 70);

        assertThat(IntStream.of(61, 59, 64, 45, 31).mapToObj(seconds -> next(off, seconds)))
                .containsOnly(off);
        assertThat(next(off, 29).inSync()).isTrue();
        assertThat(next(next(off, 29), 61).inSync()).isTrue();
    }

    @Test
    void aSmallDriftIsNotShownAndALargeOneIs() {
        var off = next(null, 600);

        assertThat(next(off, 655)).isEqualTo(off);
        assertThat(next(off, 545)).isEqualTo(off);
        assertThat(next(off, 700).words()).isEqualTo("11m40s ahead of");
        assertThat(next(off, -600).words()).isEqualTo("10m behind");
    }

    @Test
    void timesAreCorrected() {
        assertThat(next(null, 604).there(NOW)).isEqualTo(NOW.minusSeconds(600));
        assertThat(next(null, -604).there(NOW)).isEqualTo(NOW.plusSeconds(600));
        assertThat(next(null, 20).there(NOW)).isEqualTo(NOW);
        assertThat(next(null, 3 * 3600 + 45).words()).isEqualTo("3h50s ahead of");
    }
}
