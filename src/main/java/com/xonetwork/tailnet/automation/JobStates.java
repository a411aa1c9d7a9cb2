package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.automation.AttemptState.PodEnd;
import com.xonetwork.tailnet.runner.RunSummary;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what Kubernetes says of a Job and its pod. Pure. */
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
        var phase = pod.getStatus().getPhase();
        return terminated(pod).isPresent() || "Failed".equals(phase) || "Succeeded".equals(phase);
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
                status.getContainerStatuses().stream()
                        .map(container -> container.getImageID())
                        .filter(id -> id != null && !id.isEmpty())
                        .findFirst()
                        .orElse(null),
                status.getContainerStatuses().stream()
                        .flatMap(container ->
                                Optional.ofNullable(container.getState().getWaiting()).stream())
                        .map(waiting -> waiting.getReason())
                        .findFirst()
                        .orElse(null),
                reason,
                terminated.map(ContainerStateTerminated::getExitCode).orElse(null),
                terminated.map(ContainerStateTerminated::getMessage).flatMap(RunSummary::parse));
    }

    private static Optional<ContainerStateTerminated> terminated(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .flatMap(container -> Optional.ofNullable(container.getState().getTerminated()).stream())
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
