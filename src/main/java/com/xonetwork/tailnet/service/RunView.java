package com.xonetwork.tailnet.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A run as the API shows it: what was ordered and its record. */
@Schema(description = "A run: the order and its result.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunView(
        @Schema(required = true, description = "NAMESPACE.NAME.")
        String runId,

        @Schema(required = true) String namespace,

        @Schema(required = true, description = "Name of the AutomationRun.")
        String name,

        @Schema(required = true, description = "Name of the AutomationTemplate.")
        String template,

        @Schema(required = true) RunPhase phase,

        @Schema(required = true, description = "Whether the phase is final.")
        boolean ended,

        @Schema(description = "The reason of the condition Succeeded: one of docs/concepts/status.md.") @Nullable
        String reason,

        @Schema(description = "The message of the condition Succeeded: what is so, and what to do.") @Nullable
        String message,

        @Nullable RunTargets targets,
        @Schema(type = SchemaType.OBJECT) @Nullable JsonNode parameters,
        boolean checkMode,

        @Schema(description = "Whether somebody asked the operator to end it.")
        boolean cancel,

        @Nullable String requestedBy,
        @Nullable String requestId,
        String createdAt,
        @Nullable String startedAt,
        @Nullable String finishedAt,

        @Schema(description = "Number of attempts that were started.")
        int attempt,

        @Schema(description = "Hash of everything that an approval covers.") @Nullable
        String inputsHash,

        AutomationRunStatus.@Nullable Approval approval,
        AutomationRunStatus.@Nullable HostTotals hostTotals,

        @Schema(description = "At most 100 machines, the worst first. Absent in lists of runs.") @Nullable
        List<AutomationRunStatus.Host> hosts,

        AutomationRunStatus.@Nullable Events events,
        @Schema(required = true) RunLinks links) {

    private static final AutomationRunStatus NONE = new AutomationRunStatus(
            null,
            List.of(),
            RunPhase.PENDING,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null,
            null);

    /** Everything. */
    static RunView whole(AutomationRun run) {
        return of(
                run,
                run.getSpec().targets(),
                run.getSpec().parameters(),
                statusOf(run).hosts());
    }

    /** As one of many. */
    static RunView brief(AutomationRun run) {
        return of(run, null, null, null);
    }

    private static RunView of(
            AutomationRun run,
            @Nullable RunTargets targets,
            @Nullable JsonNode parameters,
            @Nullable List<AutomationRunStatus.Host> hosts) {
        var spec = run.getSpec();
        var status = statusOf(run);
        var id = RunId.of(run);
        var phase = phaseOf(run);
        var succeeded = Conditions.find(status.conditions(), ConditionType.SUCCEEDED);
        return new RunView(
                id.toString(),
                id.namespace(),
                id.name(),
                spec.templateRef().name(),
                phase,
                phase.isTerminal(),
                succeeded.map(condition -> condition.reason()).orElse(null),
                succeeded.map(condition -> condition.message()).orElse(null),
                targets,
                parameters,
                spec.checkMode(),
                spec.cancel(),
                spec.requestedBy(),
                spec.requestId(),
                run.getMetadata().getCreationTimestamp(),
                status.startedAt(),
                status.finishedAt(),
                attemptOf(run),
                status.inputsHash(),
                status.approval(),
                status.hostTotals(),
                hosts,
                status.events(),
                RunLinks.of(id));
    }

    private static AutomationRunStatus statusOf(AutomationRun run) {
        return Optional.ofNullable(run.getStatus()).orElse(NONE);
    }

    static RunPhase phaseOf(AutomationRun run) {
        return RunPhase.of(run.getStatus());
    }

    /** Number of attempts that were started. */
    static int attemptOf(AutomationRun run) {
        var attempt = statusOf(run).attempt();
        return attempt == null ? 0 : attempt;
    }
}
