package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.automation.AttemptState.PodEnd;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.runner.RunSummary;
import com.xonetwork.tailnet.status.ServerWords;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what Kubernetes says of a Job and its pod. */
@Pure
final class JobStates {

    private static final String TRUE = "True";

    private JobStates() {}

    /** It has ended, or was stopped and its pod is gone: nothing of it runs any more. */
    static boolean hasEnded(Job job) {
        return is(job, "Complete") || is(job, "Failed") || isStopped(job);
    }

    private static boolean isStopped(Job job) {
        var status = job.getStatus();
        return is(job, "Suspended")
                && (status.getActive() == null || status.getActive() == 0)
                && (status.getTerminating() == null || status.getTerminating() == 0);
    }

    static boolean isPastDeadline(Job job) {
        var status = job.getStatus();
        return status != null
                && status.getConditions() != null
                && status.getConditions().stream()
                        .anyMatch(condition -> "DeadlineExceeded".equals(condition.getReason()));
    }

    private static boolean is(Job job, String type) {
        var status = job.getStatus();
        return status != null
                && status.getConditions() != null
                && status.getConditions().stream()
                        .anyMatch(condition -> type.equals(condition.getType()) && TRUE.equals(condition.getStatus()));
    }

    static boolean isStopping(Job job) {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }

    static boolean removesItself(Job job) {
        return job.getSpec().getTtlSecondsAfterFinished() != null;
    }

    static boolean hasEnded(Pod pod) {
        var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return terminated(pod).isPresent() || "Failed".equals(phase) || "Succeeded".equals(phase);
    }

    /** The runner's container runs, or has run. */
    static boolean hasBegun(Pod pod) {
        return containers(pod)
                .map(ContainerStatus::getState)
                .anyMatch(state -> state != null && (state.getRunning() != null || state.getTerminated() != null));
    }

    /** Why the operator has stopped it by itself; empty when it has not. */
    static Optional<String> stopCause(Job job) {
        var annotations = job.getMetadata().getAnnotations();
        return Optional.ofNullable(annotations == null ? null : annotations.get(RunnerJob.STOPPED_ANNOTATION));
    }

    static PodEnd podEnd(Pod pod) {
        var terminated = terminated(pod);
        var status = pod.getStatus();
        // The kubelet's reason for the pod (Evicted, NodeLost ...) says more than the container's (Error).
        var reason = !hasEnded(pod)
                ? null
                : status.getReason() != null
                        ? status.getReason()
                        : terminated.map(ContainerStateTerminated::getReason).orElse("Failed");
        return new PodEnd(
                pod.getMetadata().getName(),
                pod.getSpec().getNodeName(),
                containers(pod)
                        .map(ContainerStatus::getImageID)
                        .filter(id -> id != null && !id.isEmpty())
                        .findFirst()
                        .orElse(null),
                unscheduled(pod).or(() -> waiting(pod)).orElse(null),
                reason,
                terminated.map(ContainerStateTerminated::getExitCode).orElse(null),
                terminated.map(ContainerStateTerminated::getMessage).flatMap(RunSummary::parse),
                hasBegun(pod));
    }

    private static Optional<String> unscheduled(Pod pod) {
        var conditions = pod.getStatus() == null ? null : pod.getStatus().getConditions();
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(condition ->
                                "PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()))
                        .findFirst()
                        .map(condition -> words(condition.getReason(), condition.getMessage()));
    }

    private static Optional<String> waiting(Pod pod) {
        return containers(pod)
                .flatMap(
                        container -> Optional.ofNullable(container.getState()).map(ContainerState::getWaiting).stream())
                .map(waiting -> words(waiting.getReason(), waiting.getMessage()))
                .findFirst();
    }

    private static String words(@Nullable String reason, @Nullable String message) {
        return message == null || message.isBlank() ? String.valueOf(reason) : reason + ": " + ServerWords.fit(message);
    }

    /** The runner's, where a container of somebody else's was put beside it. */
    private static Stream<ContainerStatus> containers(Pod pod) {
        var statuses = pod.getStatus() == null ? null : pod.getStatus().getContainerStatuses();
        if (statuses == null) {
            return Stream.empty();
        }
        var runners = statuses.stream()
                .filter(status -> RunnerJob.RUNNER.equals(status.getName()))
                .toList();
        return (runners.isEmpty() ? statuses : runners).stream();
    }

    private static Optional<ContainerStateTerminated> terminated(Pod pod) {
        return containers(pod)
                .flatMap(container ->
                        Optional.ofNullable(container.getState()).map(ContainerState::getTerminated).stream())
                .findFirst();
    }

    /** When it ended; null while it runs. */
    static @Nullable Instant ended(@Nullable Job job, @Nullable Pod pod) {
        var finished =
                pod == null ? Optional.<String>empty() : terminated(pod).map(ContainerStateTerminated::getFinishedAt);
        if (finished.isPresent()) {
            return Instant.parse(finished.get());
        }
        if (job == null || job.getStatus() == null || !hasEnded(job)) {
            return null;
        }
        return job.getStatus().getConditions().stream()
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .max(Instant::compareTo)
                .orElse(null);
    }
}
