package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
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
    private final Elections elections = new Elections();
    private final ExitNodeGatherer gatherer;
    private final EventRecorder events;
    private final Report report;
    private final Clock clock;

    public ExitNodeReconciler(
            SnapshotStore snapshots,
            TailnetNodeCache nodes,
            IpForwardingReports forwarding,
            EventRecorder events,
            Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.gatherer = new ExitNodeGatherer(snapshots, nodes, forwarding, elections, clock);
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
        var input = gatherer.gather(exit, context);
        if (input.isTooEarly()) {
            return UpdateControl.noUpdate();
        }
        var plan = ExitNodePlanner.plan(input);
        elections.remember(exit, plan.election());
        plan.change().ifPresent(message -> events.normal(exit, "ExitNodeChosen", message));
        var status = ExitNodeStatuses.of(exit, plan, clock.instant());
        var update = report.publish(exit, new ExitNode(), exit.getStatus(), status);
        return LookAgain.soonest(Duration.ofMinutes(REGULAR_MINUTES), update, plan.lookAgain());
    }

    @Override
    public List<EventSource<?, ExitNode>> prepareEventSources(EventSourceContext<ExitNode> context) {
        return ExitNodeEventSources.all(context, snapshots, nodes);
    }
}
