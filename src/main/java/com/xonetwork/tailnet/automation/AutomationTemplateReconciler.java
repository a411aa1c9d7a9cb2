package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.Pages;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
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

    static final int REGULAR_MINUTES = 10;

    private final KnownRuns runs;
    private final TemplateGatherer gatherer;
    private final RetentionEffects retention;
    private final Report report;
    private final Clock clock;

    public AutomationTemplateReconciler(
            KubernetesClient kubernetes, EventRecorder events, KnownRuns runs, Clock clock) {
        this.runs = runs;
        this.gatherer = new TemplateGatherer(new AttemptReads(kubernetes), runs, clock);
        this.retention = new RetentionEffects(kubernetes, events);
        this.report = new Report(events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<AutomationTemplate> reconcile(
            AutomationTemplate template, Context<AutomationTemplate> context) {
        var plan = TemplatePlanner.plan(gatherer.gather(template));
        var isComplete = retention.remove(template, plan.retention().remove());
        var status = TemplateStatuses.of(template, plan, clock.instant());
        var update = report.publish(template, new AutomationTemplate(), template.getStatus(), status);
        return LookAgain.soonest(
                Duration.ofMinutes(REGULAR_MINUTES), update, plan.nextRemoval(isComplete), plan.sourceCheck());
    }

    @Override
    public List<EventSource<?, AutomationTemplate>> prepareEventSources(
            EventSourceContext<AutomationTemplate> context) {
        return List.of(runs.ends());
    }
}
