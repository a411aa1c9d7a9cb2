package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The record of a run. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutomationRunStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Succeeded is True when every machine is as wanted, False when the run ended otherwise, Unknown until then."
                        + " Ready summarizes it. Reconciling is True while the run is active, Stalled when a human must act.")
        List<Condition> conditions,

        @JsonPropertyDescription("Phase of the run.") @Nullable
        RunPhase phase,

        @JsonPropertyDescription("Hash of everything that decides what the run does. An approval must contain it.")
        @Nullable
        String inputsHash,

        @JsonPropertyDescription("What the run executed.") @Nullable
        Inputs inputs,

        @JsonPropertyDescription("The approval that the run needs, if it needs one.") @Nullable
        Approval approval,

        @JsonPropertyDescription("Number of attempts that were started.") @Nullable
        Integer attempt,

        @JsonPropertyDescription("The Job of the last attempt.") @Nullable
        Job job,

        @JsonPropertyDescription("When the first attempt started (RFC 3339).") @Nullable
        String startedAt,

        @JsonPropertyDescription("When the run ended (RFC 3339).") @Nullable
        String finishedAt,

        @JsonPropertyDescription("From start to end, for example 1m12s.") @Nullable
        String duration,

        @JsonPropertyDescription("How many machines ended in which state, over all attempts.") @Nullable
        HostTotals hostTotals,

        @JsonPropertyDescription("Machines, the worst first, at most 100.")
        List<Host> hosts,

        @JsonPropertyDescription("Number of machines that are not in hosts.") @Nullable
        Integer moreHosts,

        @JsonPropertyDescription("Events that the runner sent in its last attempt.") @Nullable
        Events events,

        @JsonPropertyDescription("Number of times that the runner removed a secret from its output.") @Nullable
        Long redactions)
        implements ConditionedStatus {

    /** Hosts beyond these are only counted. */
    public static final int MAX_HOSTS = 100;

    public AutomationRunStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
    }

    /** What decides what a run does, kept after its template has changed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Inputs(
            @JsonPropertyDescription("metadata.generation of the template.") @Nullable
            Long templateGeneration,

            @JsonPropertyDescription("Hash of the template's source. Absent if the source is in the image.") @Nullable
            String sourceDigest,

            @JsonPropertyDescription("Requested image of the runner.") @Nullable
            String image,

            @JsonPropertyDescription("Pulled image of the runner, with its digest.") @Nullable
            String imageId,

            @JsonPropertyDescription("Number of target machines.") @Nullable
            Integer targets) {}

    /** How far the approval is. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Approval(
            @JsonPropertyDescription("Waiting, Approved, Denied or Expired.")
            String state,

            @JsonPropertyDescription("The hash to approve.") String inputsHash,

            @JsonPropertyDescription("Who decided.") @Nullable
            String by,

            @JsonPropertyDescription("Time at which the run is denied if nobody decides (RFC 3339).") @Nullable
            String expiresAt) {}

    /** The Job of an attempt, and how its pod ended. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Job(
            @JsonPropertyDescription("Name of the Job, and of the Secret with the run's order.")
            String name,

            @JsonPropertyDescription("Name of its pod.") @Nullable
            String podName,

            @JsonPropertyDescription("Node of the cluster that the pod ran on.") @Nullable
            String nodeName,

            @JsonPropertyDescription(
                    "Kubernetes' reason for the end of the pod: Completed, Error, OOMKilled, Evicted, DeadlineExceeded ...")
            @Nullable
            String terminatedReason,

            @JsonPropertyDescription("Exit code of the runner.") @Nullable
            Integer exitCode) {}

    /** Machines by state; each is counted once. */
    public record HostTotals(
            @JsonPropertyDescription("Number of target machines.")
            int total,

            @JsonPropertyDescription("Number of machines that are as wanted, changed or not.")
            int ok,

            @JsonPropertyDescription("Number of the ok machines that were changed.")
            int changed,

            @JsonPropertyDescription("Number of machines on which a task failed.")
            int failed,

            @JsonPropertyDescription("Number of machines that could not be reached.")
            int unreachable,

            @JsonPropertyDescription("Number of machines on which the automation had nothing to do.")
            int skipped,

            @JsonPropertyDescription(
                    "Number of machines on which the run has not finished: it is still running, was cancelled, or was"
                            + " interrupted.")
            int unfinished) {}

    /** One machine. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Host(
            @JsonPropertyDescription("Name of the TailnetNode.")
            String name,

            @JsonPropertyDescription("unreachable, failed, running, pending, skipped, changed or ok.")
            HostState state,

            @JsonPropertyDescription("Tasks that succeeded.") @Nullable
            Integer ok,

            @JsonPropertyDescription("Tasks that changed something.") @Nullable
            Integer changed,

            @JsonPropertyDescription("Tasks that failed.") @Nullable
            Integer failed,

            @JsonPropertyDescription("Tasks that were skipped.") @Nullable
            Integer skipped,

            @JsonPropertyDescription("The task that failed first, or that is running.") @Nullable
            String task,

            @JsonPropertyDescription("The first error.") @Nullable
            String firstError,

            @JsonInclude(JsonInclude.Include.NON_EMPTY)
            @JsonPropertyDescription(
                    "Outputs of the automation for the machine, by name. The built-in tailscale automation has two: note says"
                            + " what was changed or would be, and device is the ID of the machine's device in the tailnet. At most 16 names"
                            + " and 1 KiB.")
            Map<String, String> outputs) {

        public Host {
            outputs = outputs == null ? Map.of() : Map.copyOf(outputs);
        }

        /** A machine of which the automation says nothing more. */
        public Host(
                String name,
                HostState state,
                @Nullable Integer ok,
                @Nullable Integer changed,
                @Nullable Integer failed,
                @Nullable Integer skipped,
                @Nullable String task,
                @Nullable String firstError) {
            this(name, state, ok, changed, failed, skipped, task, firstError, Map.of());
        }
    }

    /** The event stream of an attempt. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Events(
            @JsonPropertyDescription("Events that arrived and are kept.")
            long received,

            @JsonPropertyDescription("Counter of the last event.")
            long lastCounter,

            @JsonPropertyDescription("Events that the runner numbered and that did not arrive.")
            long gaps,

            @JsonPropertyDescription(
                    "Events that were dropped because the attempt or its namespace had too many, so the log is incomplete."
                            + " Results of machines are never dropped. Absent if no event was dropped.")
            @Nullable
            Long dropped) {}
}
