package com.xonetwork.tailnet.api.v1alpha1;

import java.time.Duration;

/** Durations as resources write them: hours, minutes and seconds in this order, at least one, such as {@code 1h30m}. */
public final class DurationText {

    /** What both Go and ISO 8601 read. */
    static final String PATTERN = "^([0-9]+h)?([0-9]+m)?([0-9]+s)?$";

    private DurationText() {}

    /** @param text that the API server has let pass the pattern */
    public static Duration parse(String text) {
        // ISO 8601 with the prefix that users do not write; its letters may be of either case.
        return Duration.parse("PT" + text);
    }

    /** @param duration of whole seconds, at least one */
    static String of(Duration duration) {
        return part(duration.toHours(), "h")
                + part(duration.toMinutesPart(), "m")
                + part(duration.toSecondsPart(), "s");
    }

    private static String part(long count, String unit) {
        return count == 0 ? "" : count + unit;
    }
}
