package com.xonetwork.tailnet.runner;

import java.util.Optional;

/** Knows the token of an attempt: the only credential by which its runner may send events. */
@FunctionalInterface
public interface RunTokens {

    /** @return empty when there is no such attempt. May ask the API server; an answer is kept for a while. */
    Optional<String> of(AttemptKey attempt);
}
