package com.xonetwork.tailnet.controlplane.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads the {@code Retry-After} header (RFC 9110): seconds or a date. */
final class RetryAfter {

    /** A service that asks for an hour gets asked again sooner: one odd answer must not blind the operator. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private final Clock clock;

    RetryAfter(Clock clock) {
        this.clock = clock;
    }

    /** How long to wait, capped; empty when the header is absent, malformed or already past. */
    Optional<Duration> of(Answer answer) {
        return answer.header("Retry-After")
                .flatMap(value -> parse(value.strip(), answer))
                .filter(wait -> wait.isPositive())
                .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }

    private Optional<Duration> parse(String value, Answer answer) {
        if (!value.isEmpty() && value.chars().allMatch(Character::isDigit)) {
            // More digits than a long takes is still only "long".
            return Optional.of(value.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(value)));
        }
        // Both dates are by the service's clock, which ours need not agree with.
        return date(value)
                .map(until -> Duration.between(
                        answer.header("Date").flatMap(RetryAfter::date).orElseGet(clock::instant), until));
    }

    /** A date of HTTP; empty when it is none. */
    static Optional<Instant> date(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
