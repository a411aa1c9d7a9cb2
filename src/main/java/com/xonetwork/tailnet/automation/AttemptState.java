package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.runner.RunProgress;
import com.xonetwork.tailnet.runner.RunSummary;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of an attempt.
 *
 * @param attempt from 1
 * @param job how its Job is
 * @param pastDeadline the Job was ended for taking too long
 * @param isStopping the Job was told to stop
 * @param pod what is known of its pod; null before there is one, and after it is gone
 * @param started when the Job was made
 * @param ended when the pod, or else the Job, ended
 * @param progress what the events add up to
 * @param order empty when the attempt's Secret is gone
 * @param obstacle why nothing of it has begun, in Kubernetes' words; null when it has, or Kubernetes does not say
 * @param startBy when its container must have begun; null when its Job is gone
 * @param stopCause why the operator stopped it by itself; null when it has not
 * @param inputsHash of the inputs that it was made with; null when nothing tells any more
 */
record AttemptState(
        int attempt,
        String jobName,
        JobState job,
        boolean pastDeadline,
        boolean isStopping,
        @Nullable PodEnd pod,
        @Nullable Instant started,
        @Nullable Instant ended,
        RunProgress progress,
        Optional<AttemptOrder> order,
        @Nullable String obstacle,
        @Nullable Instant startBy,
        @Nullable String stopCause,
        @Nullable String inputsHash) {

    /** How the Job is. */
    enum JobState {
        /** It is not there, which the API server has confirmed. */
        ABSENT,
        ACTIVE,
        ENDED
    }

    /**
     * The pod, as far as Kubernetes says.
     *
     * @param waiting what its container waits for, in Kubernetes' word: ContainerCreating, ImagePullBackOff ...; null once it runs
     * @param reason why it ended, in Kubernetes' word: Completed, Error, OOMKilled, Evicted ...; null while it runs
     * @param summary from the termination message
     * @param hasBegun its container runs, or has run
     */
    record PodEnd(
            String name,
            @Nullable String node,
            @Nullable String imageId,
            @Nullable String waiting,
            @Nullable String reason,
            @Nullable Integer exitCode,
            Optional<RunSummary> summary,
            boolean hasBegun) {}

    /** Something of the runner has run: its container, or what it sent says so. */
    boolean hasBegun() {
        return pod != null && pod.hasBegun() || progress.received() > 0;
    }

    /** The runner's own words: whole from the events, or else what fits into a termination message. */
    Optional<RunSummary> summary() {
        var told = progress.summary().filter(summary -> summary.attempt() == attempt);
        return told.isPresent() || pod == null ? told : pod.summary().filter(summary -> summary.attempt() == attempt);
    }

    boolean hasEnded() {
        return job != JobState.ACTIVE || pod != null && pod.reason() != null;
    }
}
