package com.xonetwork.tailnet.policy.model;

import java.time.Duration;

/** How long after a check the next one is due. */
public sealed interface CheckPeriod {

    /** What the service takes where a rule says nothing. */
    CheckPeriod DEFAULT = new Every(Duration.ofHours(12));

    /** {@code always}: at every connection. */
    record Always() implements CheckPeriod {}

    /** @param duration may be negative or too long, as written: validation says so */
    record Every(Duration duration) implements CheckPeriod {}

    static Parsed<CheckPeriod> parse(String written) {
        if (written.equals("always")) {
            return Parsed.good(new Always());
        }
        Parsed<Duration> duration = GoDuration.parse(written);
        return duration.value().isEmpty()
                ? Parsed.bad(duration.problem())
                : Parsed.good(new Every(duration.value().get()));
    }
}
