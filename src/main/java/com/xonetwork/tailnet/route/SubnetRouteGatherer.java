package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.IpForwardingReports.Role;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.util.List;

/** Gathers what a SubnetRoute's plan depends on. */
final class SubnetRouteGatherer {

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final IpForwardingReports forwarding;
    private final Clock clock;
    /** Its own: those that others share are worked out with the ExitNodes too. */
    private final DeclaredRoutes declared;

    SubnetRouteGatherer(SnapshotStore snapshots, TailnetNodeCache nodes, IpForwardingReports forwarding, Clock clock) {
        this.snapshots = snapshots;
        this.declared = new DeclaredRoutes(snapshots);
        this.nodes = nodes;
        this.forwarding = forwarding;
        this.clock = clock;
    }

    SubnetRouteInput gather(SubnetRoute route, Context<SubnetRoute> context) {
        var key = TailnetKey.named(route, route.getSpec().tailnetRef().name());
        var view = snapshots.view(key);
        var intents =
                declared.of(key, context.getPrimaryCache().list(key.namespace()).toList(), List.of());
        var routers = new Routers(
                nodes,
                key,
                view,
                intents,
                device -> forwarding.reportedAt(key, device, Role.SUBNET_ROUTER).isPresent());
        return new SubnetRouteInput(
                route,
                context.getSecondaryResource(Tailnet.class).orElse(null),
                view,
                intents.refusal(route),
                routers.meantBy(route.getSpec().via()),
                clock.instant());
    }
}
