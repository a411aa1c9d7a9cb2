package com.xonetwork.tailnet.runner;

import java.util.Optional;
import java.util.Set;

/** Knows the attempts that go on, and their tokens: the only credential by which a runner may send events. */
@FunctionalInterface
public interface RunTokens {

    /**
     * What a runner must show, and what it may speak of.
     *
     * @param token not to be logged
     * @param hosts names of the machines of its order
     */
    record Attempt(String token, Set<String> hosts) {
        @Override
        public String toString() {
            return "Attempt";
        }
    }

    /**
     * Answers from memory: strangers ask too, as often as they like.
     *
     * @return empty when no such attempt is known to go on
     */
    Optional<Attempt> of(AttemptKey attempt);
}
