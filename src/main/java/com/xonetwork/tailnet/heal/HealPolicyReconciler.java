package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.heal.HealPlan.Told;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final HealSurroundings surroundings;
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
        this.surroundings = new HealSurroundings(snapshots, nodes);
        this.effects = new HealEffects(kubernetes, events);
        this.report = new Report(events);
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public UpdateControl<HealPolicy> reconcile(HealPolicy policy, Context<HealPolicy> context) {
        if (context.isPrimaryResourceDeleted() || policy.isMarkedForDeletion()) {
            surroundings.forget(policy);
            metrics.forget(policy);
            return UpdateControl.noUpdate();
        }
        var tailnet = context.getSecondaryResource(Tailnet.class);
        if (policy.getStatus() != null
                && tailnet.isPresent()
                && snapshots.view(HealSurroundings.keyOf(policy)).isPending()) {
            return UpdateControl.noUpdate();
        }
        var plan = HealPlanner.plan(surroundings.input(policy, context, clock.instant()));
        surroundings.remember(policy, plan);
        plan.incidents().forEach(message -> effects.incident(policy, message));
        plan.cancel().forEach(effects::cancel);
        plan.remove().forEach(effects::remove);
        return report(policy, plan, perform(policy, plan));
    }

    /** @return all that was decided, with what came of what was begun */
    private List<Told> perform(HealPolicy policy, HealPlan plan) {
        var told = new ArrayList<>(plan.told());
        for (var remedy : plan.start()) {
            var name = remedy.node().getMetadata().getName();
            told.add(effects.begin(policy, remedy, clock.instant()).orElseGet(() -> {
                metrics.begun(policy, remedy.rung());
                return new Told(name, HealStatuses.STARTED, "None", remedy.why());
            }));
        }
        return told;
    }

    private UpdateControl<HealPolicy> report(HealPolicy policy, HealPlan plan, List<Told> told) {
        var status = HealStatuses.of(policy, plan, told, clock.instant());
        metrics.report(policy, status);
        var update = report.publish(policy, new HealPolicy(), policy.getStatus(), status);
        return LookAgain.soonest(
                Duration.ofMinutes(REGULAR_MINUTES), update, plan.lookAgain(), askAgain(policy, plan, told));
    }

    /** Nothing tells when a machine ceases to answer that was asked right before its remedy. */
    private static Optional<Duration> askAgain(HealPolicy policy, HealPlan plan, List<Told> told) {
        if (told.stream().anyMatch(one -> one.message().equals(HealEffects.ASKED))) {
            return Optional.of(Duration.ofSeconds(2));
        }
        var asked = plan.start().stream().anyMatch(remedy -> remedy.votes().asksSsh());
        return asked && told.stream().anyMatch(one -> one.guard().equals(HealPlanner.QUORUM))
                ? Optional.of(DurationText.parse(policy.getSpec().retryPeriod()).plusSeconds(1))
                : Optional.empty();
    }

    @Override
    public List<EventSource<?, HealPolicy>> prepareEventSources(EventSourceContext<HealPolicy> context) {
        return HealEventSources.all(context, snapshots, nodes);
    }
}
