package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.ClockSkew;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares this machine's clock with the service's, by the {@code Date} of its answers. The middle one of the last three comparisons
 * counts: one answer of a server that is off, or of a cache that does not say so, changes nothing.
 */
final class ServerClock {

    private static final int COMPARISONS = 3;
    /** A date has whole seconds. */
    private static final Duration GRAIN = Duration.ofSeconds(1);

    private final Clock clock;
    private final Deque<ClockSkew> comparisons = new ArrayDeque<>();
    private volatile @Nullable ClockSkew skew;

    ServerClock(Clock clock) {
        this.clock = clock;
    }

    /** By this machine's clock. */
    Instant here() {
        return clock.instant();
    }

    /** @return empty before the first answer that has a usable date */
    Optional<ClockSkew> skew() {
        return Optional.ofNullable(skew);
    }

    /**
     * An answer came.
     *
     * @param sent when the request was sent, by this machine's clock
     * @param took from then until the answer was there, by a clock that nobody sets
     */
    void heard(Answer answer, Instant sent, Duration took) {
        if (!isOfTheService(answer) || wasSetSince(sent, took)) {
            return;
        }
        answer.header("Date").flatMap(RetryAfter::date).ifPresent(date -> {
            // The date is cut to the second and was made at some moment of the call: the middle is least wrong.
            var there = date.plus(GRAIN.dividedBy(2));
            var here = sent.plus(took.dividedBy(2));
            compared(new ClockSkew(Duration.between(there, here), took.plus(GRAIN)));
        });
    }

    /** A proxy that refuses, redirects or shows a page has a clock of its own, and a cache shows an old date. */
    private static boolean isOfTheService(Answer answer) {
        var spoke = answer.isSuccess() || (answer.status() >= 400 && answer.status() < 500 && answer.isJson());
        return spoke
                && answer.status() != 407
                && !answer.isHtml()
                && answer.header("Age").isEmpty();
    }

    private boolean wasSetSince(Instant sent, Duration took) {
        return Duration.between(sent, clock.instant()).minus(took).abs().compareTo(GRAIN) > 0;
    }

    private synchronized void compared(ClockSkew newest) {
        comparisons.addLast(newest);
        if (comparisons.size() > COMPARISONS) {
            comparisons.removeFirst();
        }
        skew = middle();
    }

    /** Of two the one that says less. */
    private ClockSkew middle() {
        var order = comparisons.size() == COMPARISONS
                ? Comparator.comparing(ClockSkew::ahead)
                : Comparator.comparing((ClockSkew one) -> one.ahead().abs());
        var sorted = comparisons.stream().sorted(order).toList();
        return sorted.get((sorted.size() - 1) / 2);
    }
}
