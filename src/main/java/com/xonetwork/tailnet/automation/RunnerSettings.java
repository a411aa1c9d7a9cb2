package com.xonetwork.tailnet.automation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the operator says about every runner.
 *
 * @param image where a template names none
 * @param imagePullSecrets names of Secrets with which its image is pulled, in each namespace that has runs; where there are none,
 *     those of the account {@code xo-runner} count
 * @param callback base URL of this operator's port for runners, as pods reach it; empty when they cannot: then all that is known
 *     of a run is its termination message
 * @param mostRuns Jobs at the same time
 * @param keepSeconds how long a Job stays after its run was recorded
 * @param startTimeout how long an attempt may wait for its container to begin
 * @param dnsAnywhere whether a runner may ask every name server, not only the cluster's
 */
public record RunnerSettings(
        String image,
        List<String> imagePullSecrets,
        Optional<String> callback,
        int mostRuns,
        int keepSeconds,
        Duration startTimeout,
        boolean dnsAnywhere) {}
