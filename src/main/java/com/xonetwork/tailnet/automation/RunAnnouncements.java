package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.RunMetrics;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is said of a run besides its status: Events and metrics, once for each change. */
final class RunAnnouncements {

    private static final Set<String> TOLD = Set.of(RunStatuses.SUCCEEDED, RunStatuses.HOST_KEYS_RECORDED);

    private final EventRecorder events;
    private final RunMetrics metrics;

    RunAnnouncements(EventRecorder events, RunMetrics metrics) {
        this.events = events;
        this.metrics = metrics;
    }

    void watch(IndexedResourceCache<AutomationRun> runs) {
        metrics.watch(() -> runs.list().map(run -> RunPhase.of(run.getStatus())));
    }

    /**
     * @param status what the run's is going to be
     * @param template as far as it is there
     */
    void changed(AutomationRun run, AutomationRunStatus status, Optional<AutomationTemplate> template) {
        var before = run.getStatus();
        events.transitions(run, before == null ? List.of() : before.conditions(), status.conditions(), TOLD);
        var phase = RunPhase.of(status);
        if (!phase.isTerminal() || phase == RunPhase.of(before)) {
            return;
        }
        if (phase == RunPhase.SUCCEEDED) {
            events.normal(run, "Succeeded", status.conditions().getFirst().message());
        }
        metrics.ended(
                run.getMetadata().getNamespace(),
                run.getSpec().templateRef().name(),
                template.map(found -> found.getSpec().engine().toString()).orElse("unknown"),
                phase,
                took(status));
    }

    private static Duration took(AutomationRunStatus status) {
        return status.startedAt() == null || status.finishedAt() == null
                ? Duration.ZERO
                : Duration.between(Instant.parse(status.startedAt()), Instant.parse(status.finishedAt()));
    }
}
