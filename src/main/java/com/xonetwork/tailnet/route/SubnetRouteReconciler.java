package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.UnmanagedRoutes;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
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
import java.util.List;
import java.util.TreeSet;
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
    /** Its own: those that others share are worked out with the ExitNodes too. */
    private final DeclaredRoutes declared = new DeclaredRoutes();

    private final IpForwardingReports forwarding;
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
        this.forwarding = forwarding;
        this.events = events;
        this.report = new Report(events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<SubnetRoute> reconcile(SubnetRoute route, Context<SubnetRoute> context) {
        if (context.isPrimaryResourceDeleted()) {
            tellWhatStays(route, context);
            return UpdateControl.noUpdate();
        }
        var key = keyOf(route);
        var tailnet = context.getSecondaryResource(Tailnet.class).orElse(null);
        var view = snapshots.view(key);
        if (route.getStatus() != null && tailnet != null && view.isPending()) {
            return UpdateControl.noUpdate();
        }
        var plan = SubnetRoutePlanner.plan(new SubnetRouteInput(
                route,
                tailnet,
                view,
                intents(key, context).refusal(route),
                routers(key, context).meantBy(route.getSpec().via()),
                clock.instant()));
        var status = SubnetRouteStatuses.of(route, plan, clock.instant());
        return report.publish(route, new SubnetRoute(), route.getStatus(), status);
    }

    /** Approvals outlive their declaration where the Tailnet says Keep, which is worth knowing. */
    private void tellWhatStays(SubnetRoute route, Context<SubnetRoute> context) {
        var key = keyOf(route);
        var keeps = context.getSecondaryResource(Tailnet.class)
                .filter(tailnet -> tailnet.getSpec().routes().unmanaged() == UnmanagedRoutes.REMOVE)
                .isEmpty();
        var networks = Network.canonical(route.getSpec().cidrs());
        var left = new TreeSet<String>();
        for (var router : routers(key, context).meantBy(route.getSpec().via())) {
            var approved = new TreeSet<>(networks);
            approved.removeAll(router.notApproved(networks));
            approved.removeAll(router.wanted().approved());
            if (!approved.isEmpty()) {
                left.add(router.node() + " (" + String.join(", ", approved) + ")");
            }
        }
        if (keeps && !left.isEmpty()) {
            events.warning(
                    route,
                    "RoutesLeftApproved",
                    "still approved, though no SubnetRoute declares it any more: " + String.join("; ", left)
                            + ". Take it back by hand, or set routes.unmanaged: Remove on the Tailnet");
        }
    }

    private RouteIntents intents(TailnetKey key, Context<SubnetRoute> context) {
        return declared.of(key, context.getPrimaryCache().list(key.namespace()).toList(), List.of());
    }

    private Routers routers(TailnetKey key, Context<SubnetRoute> context) {
        return new Routers(
                nodes,
                key,
                snapshots.view(key),
                intents(key, context),
                device -> forwarding.reportedAt(key, device, Role.SUBNET_ROUTER).isPresent());
    }

    private static TailnetKey keyOf(SubnetRoute route) {
        return TailnetKey.named(route, route.getSpec().tailnetRef().name());
    }

    @Override
    public List<EventSource<?, SubnetRoute>> prepareEventSources(EventSourceContext<SubnetRoute> context) {
        return SubnetRouteEventSources.all(context, snapshots, nodes);
    }
}
