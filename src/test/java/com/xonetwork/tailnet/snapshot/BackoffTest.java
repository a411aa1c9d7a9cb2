package com.xonetwork.tailnet.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BackoffTest {

    private static final Duration REJECTED = Duration.ofMinutes(10);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final Backoff backoff = new Backoff(clock, REJECTED);

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(Failing.unavailable(), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                Arguments.of(
                        new ControlPlaneException.TooLarge("too many"), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                Arguments.of(new ControlPlaneException.ConnectionEnded(), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                Arguments.of(
                        Failing.rateLimited(Duration.ofSeconds(42)), Duration.ofSeconds(42), Duration.ofSeconds(42)),
                Arguments.of(Failing.unauthorized(), Duration.ofSeconds(8), Duration.ofSeconds(16)),
                Arguments.of(Failing.notFound(), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                Arguments.of(Failing.conflict(), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                Arguments.of(Failing.forbidden(), REJECTED, REJECTED),
                Arguments.of(Failing.rejected("no"), REJECTED, REJECTED),
                Arguments.of(Failing.notSupported(), REJECTED, REJECTED));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void eachFailureHasItsRest(ControlPlaneException failure, Duration shortest, Duration longest) {
        var rest = backoff.after(null, failure);

        assertThat(rest.count()).isEqualTo(1);
        assertThat(backoff.left(rest))
                .hasValueSatisfying(left -> assertThat(left).isBetween(shortest, longest));
        clock.advance(longest);
        assertThat(backoff.left(rest)).isEmpty();
    }

    @Test
    void restsGrowToFiveMinutesAndBeginAnewWithoutAFailureBefore() {
        var rest = backoff.after(null, Failing.unavailable());
        for (var failure = 1; failure < 12; failure++) {
            rest = backoff.after(rest, Failing.unavailable());
        }
        assertThat(backoff.left(rest))
                .hasValueSatisfying(left -> assertThat(left).isBetween(Duration.ofSeconds(150), Duration.ofMinutes(5)));
        assertThat(backoff.after(null, Failing.unavailable()).count()).isEqualTo(1);
    }

    @Test
    void anotherReasonThanAnAnswerRestsAsItsCallerSays() {
        var first = backoff.after(null, count -> Duration.ofSeconds(count));
        var second = backoff.after(first, count -> Duration.ofSeconds(count));

        assertThat(backoff.left(second)).hasValue(Duration.ofSeconds(2));
        assertThat(backoff.left(backoff.afterRefusal(second))).hasValue(REJECTED);
    }
}
