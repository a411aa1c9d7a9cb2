package com.xonetwork.tailnet.policy.model;

import java.util.Optional;
import java.util.function.Function;

/**
 * What a small text meant, or why it means nothing.
 *
 * @param problem in the words of the service; empty with a value
 * @param allPortsByNumber see {@link Malformed}
 */
record Parsed<T>(Optional<T> value, String problem, boolean allPortsByNumber) {

    static <T> Parsed<T> good(T value) {
        return new Parsed<>(Optional.of(value), "", false);
    }

    static <T> Parsed<T> bad(String problem) {
        return new Parsed<>(Optional.empty(), problem, false);
    }

    /** The same with another value. */
    <U> Parsed<U> map(Function<T, U> change) {
        return new Parsed<>(value.map(change), problem, allPortsByNumber);
    }

    /** Bad because a part of it is. */
    static <T> Parsed<T> bad(Parsed<?> part) {
        return new Parsed<>(Optional.empty(), part.problem, part.allPortsByNumber);
    }
}
