package com.xonetwork.tailnet.policy.model;

import java.time.Duration;
import java.util.Optional;

/** How long after a check the next one is due. */
public sealed interface CheckPeriod {

    /** What the service takes where a rule says nothing. */
    CheckPeriod DEFAULT = new Every(Duration.ofHours(12));

    Duration MAX = Duration.ofHours(168);

    /** {@code always}: at every connection. */
    record Always() implements CheckPeriod {}

    /** @param duration may be negative or too long, as written: validation says so */
    record Every(Duration duration) implements CheckPeriod {}

    /** What the service would say of this period; empty if it takes it. */
    static Optional<String> problemWith(String written) {
        Parsed<CheckPeriod> parsed = parse(written);
        return parsed.value().isEmpty()
                ? Optional.of(parsed.problem())
                : parsed.value().get().problem();
    }

    /** What the service would say of it; empty if it takes it. There is no shortest one. */
    default Optional<String> problem() {
        if (!(this instanceof Every every)) {
            return Optional.empty();
        }
        String printed = "checkPeriod " + GoDuration.print(every.duration());
        if (every.duration().isNegative()) {
            return Optional.of(printed + " must be a positive duration");
        }
        return every.duration().compareTo(MAX) > 0
                ? Optional.of(printed + " is above the max (168h)")
                : Optional.empty();
    }

    static Parsed<CheckPeriod> parse(String written) {
        if (written.equals("always")) {
            return Parsed.good(new Always());
        }
        Parsed<Duration> duration = GoDuration.parse(written);
        return duration.value().isEmpty()
                ? Parsed.bad(duration)
                : Parsed.good(new Every(duration.value().get()));
    }
}
