package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.automation.RunPlan.Stop;
import com.xonetwork.tailnet.config.JitteredRetry;
import com.xonetwork.tailnet.config.Pages;
import com.xonetwork.tailnet.config.SpecOrLabelsChanged;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.RunMetrics;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.runner.RunEventStore;
import com.xonetwork.tailnet.status.StatusPatch;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Carries out an AutomationRun: makes the Job of each attempt, and keeps the record. Owns the condition {@code Succeeded}. No
 * finalizer: what an attempt has in the cluster belongs to the run and goes with it.
 */
@ControllerConfiguration(
        name = "automationrun",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class, informerListLimit = Pages.OF_LARGE),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        retry = JitteredRetry.class,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public final class AutomationRunReconciler implements Reconciler<AutomationRun> {

    private final TailnetNodeCache nodes;
    private final LearntHostKeys hostKeys;
    private final RunEffects effects;
    private final RunObservation observation;
    private final HostClaims claims;
    private final RunEventStore store;
    private final RunAnnouncements announcements;
    private final RunSurroundings surroundings;
    private final Clock clock;

    public AutomationRunReconciler(
            KubernetesClient kubernetes,
            TailnetNodeCache nodes,
            AttemptSecretEffects secrets,
            RunEventStore store,
            EventRecorder events,
            RunMetrics metrics,
            RunnerSettings settings,
            Clock clock) {
        this.nodes = nodes;
        var knownHosts = new KnownHostsEffects(kubernetes);
        this.hostKeys = new LearntHostKeys(knownHosts, secrets);
        this.effects = new RunEffects(kubernetes, secrets, knownHosts, settings, clock);
        this.observation = new RunObservation(effects, secrets, store);
        this.claims = new HostClaims(settings.mostRuns());
        this.store = store;
        this.announcements = new RunAnnouncements(events, metrics);
        this.surroundings = new RunSurroundings(nodes, effects, settings.image(), clock);
        this.clock = clock;
    }

    @Override
    public UpdateControl<AutomationRun> reconcile(AutomationRun run, Context<AutomationRun> context) {
        if (context.isPrimaryResourceDeleted() || run.isMarkedForDeletion()) {
            claims.forget(ResourceID.fromResource(run));
            return UpdateControl.noUpdate();
        }
        var before = run.getStatus();
        if (before != null && RunPhase.of(before).isTerminal()) {
            claims.forget(ResourceID.fromResource(run));
            RunObservation.jobsOf(run, context)
                    .filter(job -> JobStates.hasEnded(job) && !JobStates.removesItself(job))
                    .forEach(job -> effects.release(
                            job.getMetadata().getNamespace(), job.getMetadata().getName()));
            return write(run, RunStatuses.noted(before, run.getMetadata().getGeneration()), Optional.empty());
        }
        var attempt = observation.of(run, context);
        var template = RunSurroundings.template(run, context);
        var unrecorded = template.flatMap(found -> attempt.flatMap(seen -> hostKeys.record(run, found, seen)));
        var plan = perform(run, RunPlanner.plan(surroundings.input(run, template, attempt, context)), context);
        // What was just started is seen at once, and not only when the cache has it.
        var seen = plan.action() instanceof Start ? observation.of(run, context) : attempt;
        var update = write(run, RunStatuses.of(run, plan, seen, unrecorded, clock.instant()), template);
        return plan.next().map(update::rescheduleAfter).orElse(update);
    }

    private RunPlan perform(AutomationRun run, RunPlan plan, Context<AutomationRun> context) {
        var namespace = run.getMetadata().getNamespace();
        var performed = plan;
        if (plan.action() instanceof Start start) {
            performed = start(run, plan, start, context);
        } else if (plan.action() instanceof Stop stop) {
            effects.stop(namespace, stop.jobName());
        }
        var holdsMachines = performed.phase() == RunPhase.RUNNING || performed.phase() == RunPhase.CANCELLING;
        if (!holdsMachines && performed.phase() != RunPhase.QUEUED) {
            claims.forget(ResourceID.fromResource(run));
        }
        return performed;
    }

    private RunPlan start(AutomationRun run, RunPlan plan, Start start, Context<AutomationRun> context) {
        var job = new AttemptKey(
                        run.getMetadata().getNamespace(), run.getMetadata().getUid(), start.attempt())
                .objectName();
        var obstacle = claims.claim(
                run,
                job,
                start.inputs().template().getSpec().concurrencyPolicy(),
                start.order().hosts(),
                AutomationRunEventSources.jobs(context));
        if (obstacle.isPresent()) {
            return plan.queued(obstacle.get());
        }
        try {
            return effects.start(run, start).map(plan::lost).orElse(plan);
        } catch (StartRefused refused) {
            return plan.refused(refused.reason(), refused.text());
        }
    }

    private UpdateControl<AutomationRun> write(
            AutomationRun run, AutomationRunStatus status, Optional<AutomationTemplate> template) {
        if (status.equals(run.getStatus())) {
            return UpdateControl.noUpdate();
        }
        announcements.changed(run, status, template);
        return UpdateControl.patchStatus(StatusPatch.of(run, new AutomationRun(), status));
    }

    @Override
    public List<EventSource<?, AutomationRun>> prepareEventSources(EventSourceContext<AutomationRun> context) {
        announcements.watch(context.getPrimaryCache());
        return AutomationRunEventSources.all(context, nodes, store, claims);
    }
}
