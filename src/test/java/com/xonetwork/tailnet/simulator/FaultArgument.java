package com.xonetwork.tailnet.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** A fault as it is written on the command line: {@code OPERATION=FAULT[:VALUE][*TIMES]}. */
final class FaultArgument {

    private static final Pattern FORM = Pattern.compile("([A-Za-z]+)=([a-z-]+)(?::([0-9a-z]+))?(?:\\*(\\d{1,6}))?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,7})(ms|s|m|h)");

    private static final Map<String, BiConsumer<FaultKind, String>> FAULTS = new TreeMap<>(Map.ofEntries(
            Map.entry("status", (kind, value) -> kind.status(status(value))),
            Map.entry("delay", (kind, value) -> kind.delay(time(value))),
            Map.entry("hang", (kind, value) -> without(value, kind::hang)),
            Map.entry("truncated", (kind, value) -> without(value, kind::truncated)),
            Map.entry("truncated-chunked", (kind, value) -> without(value, kind::truncatedChunked)),
            Map.entry("html", (kind, value) -> without(value, kind::html)),
            Map.entry("bad-gateway", (kind, value) -> without(value, kind::badGatewayPage)),
            Map.entry("empty-list", (kind, value) -> without(value, kind::emptyList)),
            Map.entry("half-list", (kind, value) -> without(value, kind::halfList)),
            Map.entry("rate-limited", FaultArgument::rateLimited),
            Map.entry("not-on-plan", (kind, value) -> without(value, kind::notOnThisPlan)),
            Map.entry("cut", (kind, value) -> without(value, kind::cut)),
            Map.entry("reset", (kind, value) -> without(value, kind::reset)),
            Map.entry("act-then-status", (kind, value) -> kind.actThenStatus(status(value))),
            Map.entry("act-then-cut", (kind, value) -> without(value, kind::actThenCut)),
            Map.entry("act-then-hang", (kind, value) -> without(value, kind::actThenHang))));

    private FaultArgument() {}

    /**
     * Switches the fault on.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static void switchOn(Faults faults, String argument) {
        var parts = FORM.matcher(argument);
        if (!parts.matches()) {
            throw new IllegalArgumentException("--fault needs OPERATION=FAULT[:VALUE][*TIMES], not '" + argument + "'");
        }
        var fault = FAULTS.get(parts.group(2));
        if (fault == null) {
            throw new IllegalArgumentException(
                    "no fault is called '" + parts.group(2) + "'; there are: " + String.join(", ", FAULTS.keySet()));
        }
        var where = parts.group(1).equals("all") ? faults.onAll() : faults.on(parts.group(1));
        var times = parts.group(4);
        var value = parts.group(3);
        fault.accept(
                times == null ? where.untilCleared() : where.times(Integer.parseInt(times)),
                value == null ? "" : value);
    }

    private static void rateLimited(FaultKind kind, String value) {
        if (value.isEmpty()) {
            kind.rateLimited();
        } else {
            kind.rateLimited(time(value));
        }
    }

    private static void without(String value, Runnable fault) {
        if (!value.isEmpty()) {
            throw new IllegalArgumentException("this fault takes no value, not '" + value + "' either");
        }
        fault.run();
    }

    private static int status(String value) {
        if (!value.matches("[2-5]\\d\\d")) {
            throw new IllegalArgumentException("a status is a number from 200 to 599, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    /** {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}. */
    static Duration time(String value) {
        var parts = TIME.matcher(value);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a time is written 500ms, 2s, 5m or 1h, not '" + value + "'");
        }
        var number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
