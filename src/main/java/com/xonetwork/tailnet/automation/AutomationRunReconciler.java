package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.Pages;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.RunMetrics;
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
    private final RunActions actions;
    private final AttemptSecretEffects secrets;
    private final KnownRuns known;
    private final WokenRuns woken = new WokenRuns();
    private final RunEventStore store;
    private final RunAnnouncements announcements;
    private final RunSurroundings surroundings;
    private final Clock clock;

    public AutomationRunReconciler(
            KubernetesClient kubernetes,
            TailnetNodeCache nodes,
            AttemptSecretEffects secrets,
            RunEventStore store,
            KnownRuns known,
            EventRecorder events,
            RunMetrics metrics,
            RunnerSettings settings,
            Clock clock) {
        this.nodes = nodes;
        var knownHosts = new KnownHostsEffects(kubernetes);
        this.hostKeys = new LearntHostKeys(knownHosts, secrets);
        this.effects = new RunEffects(kubernetes, secrets, knownHosts, settings, clock);
        this.observation = new RunObservation(effects, secrets, store, settings.startTimeout(), clock);
        this.claims = new HostClaims(settings.mostRuns(), woken::wake);
        this.actions = new RunActions(effects, claims);
        this.secrets = secrets;
        this.known = known;
        this.store = store;
        this.announcements = new RunAnnouncements(events, metrics);
        this.surroundings = new RunSurroundings(nodes, effects, claims, settings.image(), clock);
        this.clock = clock;
    }

    @Override
    public UpdateControl<AutomationRun> reconcile(AutomationRun run, Context<AutomationRun> context) {
        if (context.isPrimaryResourceDeleted() || run.isMarkedForDeletion()) {
            actions.forget(run);
            announcements.forget(run);
            secrets.endAll(run);
            store.forget(run.getMetadata().getNamespace(), run.getMetadata().getUid());
            return UpdateControl.noUpdate();
        }
        var before = run.getStatus();
        if (before != null && RunPhase.of(before).isTerminal()) {
            actions.forget(run);
            end(run, context);
            known.ended(run, clock.instant());
            return write(run, RunStatuses.noted(before, run.getMetadata().getGeneration()), Optional.empty());
        }
        var attempt = observation.of(run, context);
        var template = RunSurroundings.template(run, context);
        var unrecorded = template.flatMap(found -> attempt.flatMap(seen -> hostKeys.record(run, found, seen)));
        var plan = actions.perform(
                run,
                RunPlanner.plan(surroundings.input(run, template, attempt, context)),
                () -> AutomationRunEventSources.jobs(context),
                () -> AutomationRunEventSources.pods(context));
        // What was just started is seen at once, and not only when the cache has it.
        var seen = plan.action() instanceof Start ? observation.of(run, context) : attempt;
        var update = write(run, RunStatuses.of(run, plan, seen, unrecorded, clock.instant()), template);
        return LookAgain.after(plan.next(), update);
    }

    /** The record is complete: no attempt takes events any more, and what they have in the cluster goes. */
    private void end(AutomationRun run, Context<AutomationRun> context) {
        secrets.endAll(run);
        RunObservation.jobsOf(run, context)
                .filter(job -> JobStates.hasEnded(job) && !JobStates.removesItself(job))
                .forEach(job -> effects.release(RunObservation.key(run, RunObservation.attempt(job)), job));
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
        known.readFrom(context.getPrimaryCache());
        return AutomationRunEventSources.all(context, nodes, store, claims, woken, announcements::forget);
    }
}
