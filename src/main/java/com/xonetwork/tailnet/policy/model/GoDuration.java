package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.GoText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations in the notation of Go, whose parser and printer the service uses. Java's own ISO notation cannot read it.
 */
public final class GoDuration {

    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final BigDecimal RANGE = BigDecimal.valueOf(Long.MAX_VALUE);

    /** Longer ones exist only to cost time. */
    private static final int MAX_TEXT = 64;

    private static final Map<String, Long> UNITS = Map.of(
            "ns", 1L, "us", 1_000L, "µs", 1_000L, "μs", 1_000L, "ms", 1_000_000L, "s", SECOND, "m", MINUTE, "h", HOUR);

    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)([^0-9.]*)");

    private GoDuration() {}

    static Parsed<Duration> parse(String text) {
        boolean negative = text.startsWith("-");
        String unsigned = negative || text.startsWith("+") ? text.substring(1) : text;
        if (unsigned.isEmpty() || text.length() > MAX_TEXT) {
            return invalid(text);
        }
        if (unsigned.equals("0")) {
            return Parsed.good(Duration.ZERO);
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(unsigned);
        int end = 0;
        while (part.find() && part.start() == end) {
            String unit = part.group(2);
            if (unit.isEmpty()) {
                return Parsed.bad("time: missing unit in duration " + GoText.quote(text));
            }
            Long size = UNITS.get(unit);
            if (size == null) {
                return Parsed.bad("time: unknown unit " + GoText.quote(unit) + " in duration " + GoText.quote(text));
            }
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(size)));
            end = part.end();
        }
        if (end < unsigned.length() || nanos.compareTo(RANGE) > 0) {
            return invalid(text);
        }
        return Parsed.good(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
    }

    private static Parsed<Duration> invalid(String text) {
        return Parsed.bad("time: invalid duration " + GoText.quote(text));
    }

    /** As Go prints it: {@code 200h0m0s}, {@code -1m0s}, {@code 1.5s}, {@code 20ms}, {@code 0s}. */
    public static String print(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        return nanos < 0 ? "-" + printed(-nanos) : printed(nanos);
    }

    private static String printed(long nanos) {
        if (nanos < 1_000L) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000L) {
            return decimal(nanos, 1_000L) + "µs";
        }
        if (nanos < SECOND) {
            return decimal(nanos, 1_000_000L) + "ms";
        }
        String seconds = decimal(nanos % MINUTE, SECOND) + "s";
        if (nanos < MINUTE) {
            return seconds;
        }
        String minutes = nanos % HOUR / MINUTE + "m" + seconds;
        return nanos < HOUR ? minutes : nanos / HOUR + "h" + minutes;
    }

    private static String decimal(long nanos, long unit) {
        BigDecimal value = BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(unit));
        return value.stripTrailingZeros().toPlainString();
    }
}
