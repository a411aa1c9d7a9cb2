package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeSpec.Candidate;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.route.Routers;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.IpForwardingReports.Role;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
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
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Chooses an exit node and reports on the candidates; approves nothing (that is the nodes'). Owns {@code status.active} and
 * the conditions {@code Accepted}, {@code Advertised}, {@code Approved} and {@code Serving}.
 */
@ControllerConfiguration(
        name = "exitnode",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        retry = JitteredRetry.class,
        maxReconciliationInterval =
                @MaxReconciliationInterval(interval = ExitNodeReconciler.REGULAR_MINUTES, timeUnit = TimeUnit.MINUTES))
public final class ExitNodeReconciler implements Reconciler<ExitNode> {

    static final int REGULAR_MINUTES = 10;

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final IpForwardingReports forwarding;
    private final EventRecorder events;
    private final Report report;
    private final Clock clock;
    private final Elections elections = new Elections();

    public ExitNodeReconciler(
            SnapshotStore snapshots,
            TailnetNodeCache nodes,
            IpForwardingReports forwarding,
            EventRecorder events,
            Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.forwarding = forwarding;
        this.events = events;
        this.report = new Report(events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<ExitNode> reconcile(ExitNode exit, Context<ExitNode> context) {
        if (context.isPrimaryResourceDeleted()) {
            elections.forget(exit);
            return UpdateControl.noUpdate();
        }
        var tailnet = context.getSecondaryResource(Tailnet.class).orElse(null);
        var view = snapshots.view(keyOf(exit));
        if (exit.getStatus() != null && tailnet != null && view.isPending()) {
            return UpdateControl.noUpdate();
        }
        var before = elections.of(exit);
        var routers = routers(exit);
        var plan = ExitNodePlanner.plan(new ExitNodeInput(
                exit,
                tailnet,
                view,
                exit.getSpec().candidates().stream()
                        .map(Candidate::node)
                        .map(routers::named)
                        .toList(),
                before,
                clock.instant()));
        elections.remember(exit, plan.election());
        tellChange(exit, before, plan.election());
        return report(exit, plan);
    }

    private void tellChange(ExitNode exit, Election.State before, Election.State now) {
        if (!Objects.equals(before.active(), now.active())) {
            events.normal(
                    exit,
                    "ExitNodeChosen",
                    "The exit node is now " + (now.active() == null ? "none" : now.active()) + ". Before: "
                            + (before.active() == null ? "none" : before.active()) + ".");
        }
    }

    private UpdateControl<ExitNode> report(ExitNode exit, ExitNodePlan plan) {
        var status = ExitNodeStatuses.of(exit, plan, clock.instant());
        var update = report.publish(exit, new ExitNode(), exit.getStatus(), status);
        return LookAgain.soonest(Duration.ofMinutes(REGULAR_MINUTES), update, plan.lookAgain());
    }

    private Routers routers(ExitNode exit) {
        var key = keyOf(exit);
        return new Routers(
                nodes,
                key,
                snapshots.view(key),
                RouteIntents.of(List.of(), List.of(exit)),
                device -> forwarding.reportedAt(key, device, Role.EXIT_NODE).isPresent());
    }

    private static TailnetKey keyOf(ExitNode exit) {
        return TailnetKey.named(exit, exit.getSpec().tailnetRef().name());
    }

    @Override
    public List<EventSource<?, ExitNode>> prepareEventSources(EventSourceContext<ExitNode> context) {
        return ExitNodeEventSources.all(context, snapshots, nodes);
    }
}
