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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Carries out an AutomationRun: makes the Job of each attempt, and keeps the record. Owns the condition {@code Succeeded}. No
 * finalizer: what an attempt has in the cluster belongs to the run and goes with it.
 *
 * <p>It does not end with {@code Report}, which compares with the status that the run came with: a run's end is counted in metrics too,
 * so {@link RunAnnouncements} compares with what it told last, and a refused write of the status tells and counts nothing twice.
 */
@ControllerConfiguration(
        name = "automationrun",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class, informerListLimit = Pages.OF_LARGE),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        retry = JitteredRetry.class,
        maxReconciliationInterval =
                @MaxReconciliationInterval(
                        interval = AutomationRunReconciler.REGULAR_MINUTES,
                        timeUnit = TimeUnit.MINUTES))
public final class AutomationRunReconciler implements Reconciler<AutomationRun> {

    static final int REGULAR_MINUTES = 10;

    private final TailnetNodeCache nodes;
    private final HostClaims claims;
    private final AttemptGatherer attempts;
    private final RunGatherer gatherer;
    private final RunEffects effects;
    private final KnownRuns known;
    private final WokenRuns woken = new WokenRuns();
    private final RunEventStore store;
    private final RunAnnouncements announcements;
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
        this.claims = new HostClaims(settings.mostRuns(), woken::wake);
        var reads = new AttemptReads(kubernetes);
        this.attempts = new AttemptGatherer(reads, secrets, store, settings.startTimeout(), clock);
        this.gatherer = new RunGatherer(nodes, attempts, reads, claims, settings.image(), clock);
        var knownHosts = new KnownHostsEffects(kubernetes);
        this.effects = new RunEffects(
                new AttemptEffects(kubernetes, reads, secrets, knownHosts, settings, clock),
                secrets,
                new LearntHostKeys(knownHosts, secrets),
                claims);
        this.known = known;
        this.store = store;
        this.announcements = new RunAnnouncements(events, metrics);
        this.clock = clock;
    }

    @Override
    public UpdateControl<AutomationRun> reconcile(AutomationRun run, Context<AutomationRun> context) {
        if (context.isPrimaryResourceDeleted() || run.isMarkedForDeletion()) {
            effects.forget(run);
            announcements.forget(run);
            store.forget(run.getMetadata().getNamespace(), run.getMetadata().getUid());
            return UpdateControl.noUpdate();
        }
        var before = run.getStatus();
        if (before != null && RunPhase.of(before).isTerminal()) {
            effects.end(run, AttemptGatherer.jobsOf(run, context));
            known.ended(run, clock.instant());
            return write(run, RunStatuses.noted(before, run.getMetadata().getGeneration()), Optional.empty());
        }
        var input = gatherer.gather(run, context);
        var plan = RunPlanner.plan(input);
        var outcome = effects.perform(
                input,
                plan,
                () -> AutomationRunEventSources.jobs(context),
                () -> AutomationRunEventSources.pods(context));
        var standing = plan.after(outcome.action());
        // What was just started is seen at once, and not only when the cache has it.
        var seen = standing.action() instanceof Start ? attempts.gather(run, context) : input.attempt();
        var status = RunStatuses.of(run, standing, seen, outcome.unrecorded(), clock.instant());
        var update = write(run, status, Optional.ofNullable(input.template()));
        return LookAgain.soonest(Duration.ofMinutes(REGULAR_MINUTES), update, standing.next());
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
