package com.xonetwork.tailnet.service;

import java.util.Optional;

/** What the API server knows of callers. Its failures are {@code KubernetesClientException}s. */
public interface Reviews {

    /** @return empty when the token is nobody's */
    Optional<Caller> who(String token);

    boolean may(Caller caller, RunAction action);
}
