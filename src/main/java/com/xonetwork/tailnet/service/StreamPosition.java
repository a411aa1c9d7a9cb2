package com.xonetwork.tailnet.service;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a reader is: after which event of which attempt. As text {@code <attempt>-<counter>}, the id of that event in a
 * stream.
 */
record StreamPosition(int attempt, long counter) {

    static final StreamPosition START = new StreamPosition(1, 0);

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,3})-([0-9]{1,12})");

    /** @throws io.quarkiverse.resteasy.problem.HttpProblem 400 when it is no event's id */
    static StreamPosition parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return START;
        }
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw ApiProblems.badRequest("Last-Event-ID and after are the id of an event, such as 1-42");
        }
        return new StreamPosition(Integer.parseInt(match.group(1)), Long.parseLong(match.group(2)));
    }

    StreamPosition nextAttempt() {
        return new StreamPosition(attempt + 1, 0);
    }

    StreamPosition at(long newCounter) {
        return new StreamPosition(attempt, newCounter);
    }

    @Override
    public String toString() {
        return attempt + "-" + counter;
    }
}
