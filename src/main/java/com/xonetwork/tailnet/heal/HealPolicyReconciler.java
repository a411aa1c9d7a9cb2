package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.HealMetrics;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
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

/**
 * Heals the nodes of a HealPolicy, by runs. Owns the conditions {@code Accepted}, {@code RemediationAllowed}, {@code StormActive} and
 * {@code NodesHealthy}. Where a node stands is read from the runs; only what rests after a storm is remembered, and a restart in a
 * storm begins its cooldown anew.
 */
@ControllerConfiguration(
        name = "healpolicy",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        retry = JitteredRetry.class,
        maxReconciliationInterval =
                @MaxReconciliationInterval(
                        interval = HealPolicyReconciler.REGULAR_MINUTES,
                        timeUnit = TimeUnit.MINUTES))
public final class HealPolicyReconciler implements Reconciler<HealPolicy> {

    static final int REGULAR_MINUTES = 10;

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final QuietTimes quiet = new QuietTimes();
    private final HealGatherer gatherer;
    private final HealEffects effects;
    private final Report report;
    private final HealMetrics metrics;
    private final Clock clock;

    public HealPolicyReconciler(
            KubernetesClient kubernetes,
            SnapshotStore snapshots,
            TailnetNodeCache nodes,
            EventRecorder events,
            HealMetrics metrics,
            Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.gatherer = new HealGatherer(snapshots, nodes, quiet, clock);
        this.effects = new HealEffects(kubernetes, events, metrics, clock);
        this.report = new Report(events);
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public UpdateControl<HealPolicy> reconcile(HealPolicy policy, Context<HealPolicy> context) {
        if (context.isPrimaryResourceDeleted() || policy.isMarkedForDeletion()) {
            quiet.forget(policy);
            metrics.forget(policy);
            return UpdateControl.noUpdate();
        }
        var input = gatherer.gather(policy, context);
        if (input.isTooEarly()) {
            return UpdateControl.noUpdate();
        }
        var plan = HealPlanner.plan(input);
        quiet.remember(policy, plan);
        var outcome = effects.perform(policy, plan);
        var status = HealStatuses.of(policy, plan, outcome, clock.instant());
        metrics.report(policy, status);
        var update = report.publish(policy, new HealPolicy(), policy.getStatus(), status);
        return LookAgain.soonest(
                Duration.ofMinutes(REGULAR_MINUTES),
                update,
                plan.lookAgain(),
                outcome.askAgain(policy.getSpec(), plan));
    }

    @Override
    public List<EventSource<?, HealPolicy>> prepareEventSources(EventSourceContext<HealPolicy> context) {
        return HealEventSources.all(context, snapshots, nodes);
    }
}
