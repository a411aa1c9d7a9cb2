package com.xonetwork.tailnet.policy.reach;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Traffic by numbers, so that a sum or difference is worked out once: a few hundred rules make a few thousand sums, which
 * come up millions of times.
 */
final class TrafficTable {

    /** {@link Traffic#NONE}. */
    static final int NONE = 0;

    private final List<Traffic> all = new ArrayList<>();
    private final Map<Traffic, Integer> numbers = new HashMap<>();
    private final Map<Long, Integer> sums = new HashMap<>();
    private final Map<Long, Integer> differences = new HashMap<>();

    TrafficTable() {
        number(Traffic.NONE);
    }

    int number(Traffic traffic) {
        Integer known = numbers.get(traffic);
        if (known != null) {
            return known;
        }
        numbers.put(traffic, all.size());
        all.add(traffic);
        return all.size() - 1;
    }

    Traffic get(int number) {
        return all.get(number);
    }

    int sum(int a, int b) {
        if (a == b || b == NONE) {
            return a;
        }
        return a == NONE
                ? b
                : sums.computeIfAbsent(pair(Math.min(a, b), Math.max(a, b)), p -> number(get(a).union(get(b))));
    }

    int difference(int a, int b) {
        if (a == b || a == NONE) {
            return NONE;
        }
        return b == NONE ? a : differences.computeIfAbsent(pair(a, b), p -> number(get(a).minus(get(b))));
    }

    private static long pair(int a, int b) {
        return (long) a << 32 | b;
    }
}
