package com.xonetwork.tailnet.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one place where a reconciliation asks to be repeated after a while. What comes here is a difference of two times, and they can be
 * of two clocks, or of one that was set in between.
 */
public final class LookAgain {

    /** A sooner look would only repeat the one that asks for it. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** One look a day costs nothing; a time in a year that no timer can wait for does. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private LookAgain() {}

    /**
     * A time that is over already, by this clock or by another, becomes a short wait: of a negative delay the SDK's timer
     * throws, and of none there would be a look at once, again and again. A part of a millisecond becomes a whole one: the SDK's
     * timer cuts it off, and a look that comes too early finds nothing to do yet.
     */
    public static Duration safe(Duration wait) {
        if (wait.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return wait.compareTo(LONGEST) > 0
                ? LONGEST
                : Duration.ofMillis(wait.plusNanos(999_999).toMillis());
    }

    /** The update, and another look after so long. */
    public static <R extends HasMetadata> UpdateControl<R> after(Duration wait, UpdateControl<R> update) {
        return update.rescheduleAfter(safe(wait));
    }

    /**
     * The update, and another look after the shortest of the waits. One that is not sooner than the regular look is left out: it would
     * take the place of that.
     *
     * @param regular after which there is a look anyway
     */
    @SafeVarargs
    public static <R extends HasMetadata> UpdateControl<R> soonest(
            Duration regular, UpdateControl<R> update, Optional<Duration>... waits) {
        return after(
                Stream.of(waits)
                        .flatMap(Optional::stream)
                        .filter(wait -> wait.compareTo(regular) < 0)
                        .min(Comparator.naturalOrder()),
                update);
    }

    /** The update, and another look after so long if there is to be one. */
    public static <R extends HasMetadata> UpdateControl<R> after(Optional<Duration> wait, UpdateControl<R> update) {
        return wait.map(delay -> after(delay, update)).orElse(update);
    }
}
