package com.xonetwork.tailnet.policy.model;

import java.util.Optional;

/**
 * What a small text meant, or why it means nothing.
 *
 * @param problem in the words of the service; empty with a value
 */
record Parsed<T>(Optional<T> value, String problem) {

    static <T> Parsed<T> good(T value) {
        return new Parsed<>(Optional.of(value), "");
    }

    static <T> Parsed<T> bad(String problem) {
        return new Parsed<>(Optional.empty(), problem);
    }
}
