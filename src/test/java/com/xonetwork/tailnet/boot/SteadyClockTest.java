package com.xonetwork.tailnet.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    /** Nanoseconds count from anywhere, and run over. */
    @Test
    void itShowsWhenTheProcessStartedAndHowLongItHasRun() {
        var nanos = new AtomicLong(Long.MAX_VALUE - 10);
        var clock = new SteadyClock(nanos::get, START);
        assertThat(clock.instant()).isEqualTo(START);

        nanos.addAndGet(2_000_000_000L);
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(2));
        assertThat(clock.withZone(ZoneId.of("Europe/Berlin")).instant()).isEqualTo(START.plusSeconds(2));
    }
}
