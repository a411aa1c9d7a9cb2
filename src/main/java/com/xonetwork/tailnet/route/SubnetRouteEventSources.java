package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.ByTailnetEventSources;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Set;

/** What wakes a SubnetRoute: its Tailnet, its routers and their devices, and the other SubnetRoutes that it may overlap. */
final class SubnetRouteEventSources {

    private SubnetRouteEventSources() {}

    static List<EventSource<?, SubnetRoute>> all(
            EventSourceContext<SubnetRoute> context, SnapshotStore snapshots, TailnetNodeCache nodes) {
        var routes = new ByTailnetEventSources<>(
                context, (SubnetRoute route) -> route.getSpec().tailnetRef());
        var siblings = new InformerEventSource<SubnetRoute, SubnetRoute>(
                InformerEventSourceConfiguration.from(SubnetRoute.class, SubnetRoute.class)
                        .withName("siblings")
                        .withSecondaryToPrimaryMapper(route -> routes.ids(routes.keyOf(route)))
                        .withPrimaryToSecondaryMapper((SubnetRoute route) -> Set.<ResourceID>of())
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
        return List.of(
                routes.tailnets(),
                siblings,
                routes.nodes(nodes, SubnetRouteEventSources::leadsThrough),
                routes.devices(snapshots, nodes, SubnetRouteEventSources::leadsThrough));
    }

    private static boolean leadsThrough(SubnetRoute route, TailnetNode node) {
        return route.getSpec()
                .via()
                .means(node.getMetadata().getName(), node.getMetadata().getLabels());
    }
}
