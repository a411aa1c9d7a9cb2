package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Ports from first to last, both included; all is 0 to 65535. The grammar and the messages are those of {@code
 * tailcfg.ParseProtoPortRanges}.
 */
public record PortRange(int first, int last) {

    public static final PortRange ALL = new PortRange(0, 65535);

    private static final String ALL_BY_NUMBER = "0-65535";

    public boolean isAll() {
        return equals(ALL);
    }

    public boolean isSingle() {
        return first == last;
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    @Override
    public String toString() {
        if (isAll()) {
            return "*";
        }
        return isSingle() ? Integer.toString(first) : first + "-" + last;
    }

    /** {@code *}, {@code 22} or {@code 80-90}. */
    static Parsed<PortRange> parse(String written) {
        String text = written.toLowerCase(Locale.ROOT);
        if (text.equals("*")) {
            return Parsed.good(ALL);
        }
        if (text.isEmpty()) {
            return Parsed.bad("invalid port list: \"\"");
        }
        int dash = text.indexOf('-');
        if (dash >= 0 && text.indexOf('-', dash + 1) >= 0) {
            return problem(text, "too many dashes(-)");
        }
        int first = uint16(dash < 0 ? text : text.substring(0, dash));
        if (first < 0) {
            return problem(text, "invalid first integer");
        }
        int last = dash < 0 ? first : uint16(text.substring(dash + 1));
        if (last < 0) {
            return problem(text, "invalid last integer");
        }
        if (first == 0) {
            return problem(text, "first port must be >0, or use '*' for wildcard");
        }
        if (first > last) {
            // The service says it the wrong way round.
            return problem(text, "first port must be >= last port");
        }
        return Parsed.good(new PortRange(first, last));
    }

    /** Ranges between commas. */
    static Parsed<List<PortRange>> parseList(String written) {
        List<PortRange> ranges = new ArrayList<>();
        for (String part : written.split(",", -1)) {
            Parsed<PortRange> range = parse(part.strip());
            if (range.value().isEmpty()) {
                return Parsed.bad(range);
            }
            ranges.add(range.value().get());
        }
        return Parsed.good(List.copyOf(ranges));
    }

    private static <T> Parsed<T> problem(String text, String problem) {
        return new Parsed<>(
                Optional.empty(), "port range " + GoText.quote(text) + ": " + problem, text.equals(ALL_BY_NUMBER));
    }

    /** -1 if it is none. */
    private static int uint16(String text) {
        if (text.isEmpty() || text.length() > 20 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            value = value * 10 + text.charAt(i) - '0';
            if (value > 65535) {
                return -1;
            }
        }
        return value;
    }
}
