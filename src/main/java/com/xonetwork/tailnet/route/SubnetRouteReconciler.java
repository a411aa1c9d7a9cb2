package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reports on a SubnetRoute; approves nothing (that is the nodes'). Owns the conditions {@code Accepted}, {@code Advertised},
 * {@code Approved} and {@code Serving}, of the whole and of each router. No finalizer: nothing outside is its own.
 */
@ControllerConfiguration(
        name = "subnetroute",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        retry = JitteredRetry.class,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public final class SubnetRouteReconciler implements Reconciler<SubnetRoute> {

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final SubnetRouteGatherer gatherer;
    private final EventRecorder events;
    private final Report report;
    private final Clock clock;

    public SubnetRouteReconciler(
            SnapshotStore snapshots,
            TailnetNodeCache nodes,
            IpForwardingReports forwarding,
            EventRecorder events,
            Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.gatherer = new SubnetRouteGatherer(snapshots, nodes, forwarding, clock);
        this.events = events;
        this.report = new Report(events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<SubnetRoute> reconcile(SubnetRoute route, Context<SubnetRoute> context) {
        var input = gatherer.gather(route, context);
        if (context.isPrimaryResourceDeleted()) {
            SubnetRoutePlanner.leftApproved(input)
                    .ifPresent(message -> events.warning(route, "RoutesLeftApproved", message));
            return UpdateControl.noUpdate();
        }
        if (input.isTooEarly()) {
            return UpdateControl.noUpdate();
        }
        var plan = SubnetRoutePlanner.plan(input);
        var status = SubnetRouteStatuses.of(route, plan, clock.instant());
        return LookAgain.after(
                plan.mayFollow() ? Optional.of(EventRecorder.SETTLING) : Optional.empty(),
                report.publish(route, new SubnetRoute(), route.getStatus(), status, SubnetRoutePlan.SETTLING));
    }

    @Override
    public List<EventSource<?, SubnetRoute>> prepareEventSources(EventSourceContext<SubnetRoute> context) {
        return SubnetRouteEventSources.all(context, snapshots, nodes);
    }
}
