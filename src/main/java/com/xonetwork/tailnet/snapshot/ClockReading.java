package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.ClockSkew;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How this machine's clock and a control plane's stand, as it is told and decided on. It follows what each poll measures with some
 * inertia: a clock that wanders by seconds must not change a status with each poll.
 *
 * @param ahead how far this machine's clock is ahead, rounded; negative when it is behind, zero while the two agree
 */
public record ClockReading(Duration ahead) {

    /** A tenth of the time that the shortest join key lives. Clocks that are set by NTP differ by milliseconds. */
    static final Duration OFF = Duration.ofMinutes(1);

    private static final Duration AGREE = Duration.ofSeconds(30);
    /** Of the shown difference another one must be so far away to be shown instead. */
    private static final Duration LEAST_NEWS = Duration.ofMinutes(1);

    private static final int NEWS_PER = 10;

    /**
     * The longest that a join key lives. Further apart, the time at which a key ends cannot be put right by what was measured: if
     * that is wrong, the key lives for twice as long.
     */
    public static final Duration TOO_FAR = Duration.ofHours(1);

    private static final ClockReading AGREED = new ClockReading(Duration.ZERO);

    /** @param before null while nothing was measured */
    static ClockReading next(@Nullable ClockReading before, ClockSkew measured) {
        var away = measured.ahead().abs();
        if (before == null || before.inSync()) {
            return measured.least().compareTo(OFF) > 0 ? new ClockReading(rounded(measured.ahead())) : AGREED;
        }
        if (away.compareTo(AGREE) < 0) {
            return AGREED;
        }
        var moved = measured.ahead().minus(before.ahead).abs();
        var part = before.ahead.abs().dividedBy(NEWS_PER);
        var news = part.compareTo(LEAST_NEWS) > 0 ? part : LEAST_NEWS;
        return moved.compareTo(news) > 0 ? new ClockReading(rounded(measured.ahead())) : before;
    }

    public boolean inSync() {
        return ahead.isZero();
    }

    /** What the control plane's clock shows when this machine's shows that. */
    Instant there(Instant here) {
        return here.minus(ahead);
    }

    /** To ten seconds. */
    private static Duration rounded(Duration exact) {
        return Duration.ofSeconds(Math.round(exact.toSeconds() / 10.0) * 10);
    }

    /** In words, from whose clock it is: {@code 4m30s ahead of}. */
    public String words() {
        var away = ahead.abs();
        var text = new StringBuilder();
        if (away.toHours() > 0) {
            text.append(away.toHours()).append('h');
        }
        if (away.toMinutesPart() > 0) {
            text.append(away.toMinutesPart()).append('m');
        }
        if (away.toSecondsPart() > 0 || text.isEmpty()) {
            text.append(away.toSecondsPart()).append('s');
        }
        return text + (ahead.isNegative() ? " behind" : " ahead of");
    }
}
