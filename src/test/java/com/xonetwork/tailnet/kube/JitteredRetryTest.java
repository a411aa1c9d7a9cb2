package com.xonetwork.tailnet.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JitteredRetryTest {

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4", "3, 8", "7, 128", "8, 256", "9, 300", "10, 300", "1000, 300"})
    void doublesUpToFiveMinutes(int attempt, long seconds) {
        for (var i = 0; i < 200; i++) {
            assertThat(JitteredRetry.delay(attempt))
                    .isBetween(Duration.ofMillis(seconds * 500), Duration.ofSeconds(seconds));
        }
    }

    @Property
    void isNeverZeroAndNeverLongerThanFiveMinutes(@ForAll int attempt) {
        assertThat(JitteredRetry.delay(attempt)).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(5));
    }

    @Property(tries = 20)
    void resourcesThatFailedTogetherDoNotComeBackTogether(@ForAll @IntRange(min = 1, max = 50) int attempt) {
        var delays = new HashSet<Duration>();
        for (var i = 0; i < 50; i++) {
            delays.add(JitteredRetry.delay(attempt));
        }
        assertThat(delays).hasSizeGreaterThan(20);
    }

    @Test
    void neverGivesUp() {
        var execution = new JitteredRetry().initExecution();
        for (var attempt = 1; attempt <= 10_000; attempt++) {
            assertThat(execution.nextDelay()).isPresent();
            assertThat(execution.getAttemptCount()).isEqualTo(attempt);
            assertThat(execution.isLastAttempt()).isFalse();
        }
    }

    @Test
    void eachResourceCountsForItself() {
        var retry = new JitteredRetry();
        retry.initExecution().nextDelay();

        assertThat(retry.initExecution().getAttemptCount()).isZero();
        assertThat(retry.initExecution().nextDelay().orElseThrow()).isLessThanOrEqualTo(2000);
    }
}
