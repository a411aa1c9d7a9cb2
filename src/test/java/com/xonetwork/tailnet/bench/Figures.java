package com.xonetwork.tailnet.bench;

import java.util.List;

/** Durations in milliseconds, put in order. */
record Figures(List<Long> millis) {

    Figures {
        millis = millis.stream().sorted().toList();
    }

    long median() {
        return percentile(50);
    }

    /** The smallest value that so many percent of all do not exceed. */
    long percentile(int percent) {
        return millis.get(Math.max(0, (int) Math.ceil(millis.size() * percent / 100.0) - 1));
    }

    @Override
    public String toString() {
        return "p50 %d ms, p99 %d ms, most %d ms (%d samples)"
                .formatted(percentile(50), percentile(99), millis.getLast(), millis.size());
    }
}
