package com.xonetwork.tailnet.automation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.RunMetrics;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is said of a run besides its status: Events and metrics, once for each change. */
final class RunAnnouncements {

    private static final int REMEMBERED = 10_000;

    private final EventRecorder events;
    private final RunMetrics metrics;
    private final Cache<String, Told> told =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    private record Told(RunPhase phase, List<Condition> conditions) {
        static Told of(@Nullable AutomationRunStatus status) {
            return new Told(RunPhase.of(status), status == null ? List.of() : status.conditions());
        }
    }

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
        var uid = run.getMetadata().getUid();
        // A write that is refused (409) is decided anew on the old status; what was told already is not told again.
        var before = Optional.ofNullable(told.getIfPresent(uid)).orElse(Told.of(run.getStatus()));
        told.put(uid, Told.of(status));
        events.transitions(run, before.conditions(), status.conditions());
        var phase = RunPhase.of(status);
        if (!phase.isTerminal() || phase == before.phase()) {
            return;
        }
        if (phase == RunPhase.SUCCEEDED) {
            events.normal(run, "Succeeded", status.conditions().getFirst().message());
        }
        metrics.ended(
                run.getMetadata().getNamespace(),
                template.map(RunAnnouncements::label).orElse(RunMetrics.NO_TEMPLATE),
                template.map(found -> found.getSpec().engine().toString()).orElse("unknown"),
                phase,
                took(status));
    }

    /** Each machine has templates of its own: together they are one. */
    private static String label(AutomationTemplate template) {
        return isOfMachine(template)
                ? RunMetrics.MACHINES
                : template.getMetadata().getName();
    }

    private static boolean isOfMachine(AutomationTemplate template) {
        return template.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController())
                        && HasMetadata.getKind(TailnetNode.class).equals(owner.getKind()));
    }

    /** The run is gone. */
    void forget(AutomationRun run) {
        told.invalidate(run.getMetadata().getUid());
    }

    /** The template is gone. */
    void forget(AutomationTemplate template) {
        metrics.forget(
                template.getMetadata().getNamespace(), template.getMetadata().getName());
    }

    private static Duration took(AutomationRunStatus status) {
        return status.startedAt() == null || status.finishedAt() == null
                ? Duration.ZERO
                : Duration.between(Instant.parse(status.startedAt()), Instant.parse(status.finishedAt()));
    }
}
