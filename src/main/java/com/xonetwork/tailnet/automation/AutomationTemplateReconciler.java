package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplateStatus;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.Pages;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.status.Conditions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Says whether runs of an AutomationTemplate can start, and removes those that have ended. Owns the condition {@code Valid}. */
@ControllerConfiguration(
        name = "automationtemplate",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class, informerListLimit = Pages.OF_LARGE),
        generationAwareEventProcessing = false,
        retry = JitteredRetry.class,
        maxReconciliationInterval =
                @MaxReconciliationInterval(
                        interval = AutomationTemplateReconciler.REGULAR_MINUTES,
                        timeUnit = TimeUnit.MINUTES))
public final class AutomationTemplateReconciler implements Reconciler<AutomationTemplate> {

    /** ConfigMaps are read by name, not watched. */
    private static final Duration SOURCE_CHECK = Duration.ofMinutes(1);
    /** For a run that could not be removed yet. */
    private static final Duration NOT_LET_GO = Duration.ofMinutes(1);

    static final int REGULAR_MINUTES = 10;

    private final KubernetesClient kubernetes;
    private final Report report;
    private final KnownRuns runs;
    private final RetentionEffects retention;
    private final Clock clock;

    public AutomationTemplateReconciler(
            KubernetesClient kubernetes, EventRecorder events, KnownRuns runs, Clock clock) {
        this.kubernetes = kubernetes;
        this.report = new Report(events);
        this.runs = runs;
        this.retention = new RetentionEffects(kubernetes, events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<AutomationTemplate> reconcile(
            AutomationTemplate template, Context<AutomationTemplate> context) {
        var files = template.getSpec().source().configMap();
        var source = RunSource.of(
                template.getSpec().source(),
                files == null
                        ? null
                        : kubernetes
                                .configMaps()
                                .inNamespace(template.getMetadata().getNamespace())
                                .withName(files.name())
                                .get());
        var before = template.getStatus();
        var conditions = before == null ? List.<Condition>of() : before.conditions();
        var generation = template.getMetadata().getGeneration();
        var status = new AutomationTemplateStatus(
                generation,
                Conditions.merge(conditions, TemplatePlanner.plan(template, source), generation, clock.instant()),
                source.digest());
        var update = report.publish(template, new AutomationTemplate(), before, status);
        return LookAgain.soonest(
                Duration.ofMinutes(REGULAR_MINUTES),
                update,
                retain(template),
                Optional.ofNullable(files == null ? null : SOURCE_CHECK));
    }

    /** @return when to look again for what can be removed */
    private Optional<Duration> retain(AutomationTemplate template) {
        if (template.isMarkedForDeletion()) {
            return Optional.empty();
        }
        var plan = RetentionPlanner.plan(template.getSpec(), runs.of(template), clock.instant());
        return retention.remove(template, plan.remove()) ? plan.lookAgain() : Optional.of(NOT_LET_GO);
    }

    @Override
    public List<EventSource<?, AutomationTemplate>> prepareEventSources(
            EventSourceContext<AutomationTemplate> context) {
        return List.of(runs.ends());
    }
}
