package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.config.SpecOrLabelsChanged;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.ByTailnetEventSources;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.inventory.TailnetNodeEventSource;
import com.xonetwork.tailnet.snapshot.SnapshotEventSource;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What wakes a SubnetRoute: its Tailnet, its routers and their devices, and the other SubnetRoutes that it may overlap. */
final class SubnetRouteEventSources {

    private final ByTailnetEventSources<SubnetRoute> routes;
    private final TailnetNodeCache nodes;

    private SubnetRouteEventSources(ByTailnetEventSources<SubnetRoute> routes, TailnetNodeCache nodes) {
        this.routes = routes;
        this.nodes = nodes;
    }

    static List<EventSource<?, SubnetRoute>> all(
            EventSourceContext<SubnetRoute> context, SnapshotStore snapshots, TailnetNodeCache nodes) {
        var routes = new ByTailnetEventSources<>(
                context, (SubnetRoute route) -> route.getSpec().tailnetRef());
        var sources = new SubnetRouteEventSources(routes, nodes);
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
                new TailnetNodeEventSource<>(nodes, context, sources::throughNode),
                new SnapshotEventSource<>(snapshots, sources::throughDevices));
    }

    private Set<ResourceID> throughNode(@Nullable TailnetNode before, @Nullable TailnetNode now) {
        if (before != null && now != null && !new SpecOrLabelsChanged<TailnetNode>().accept(now, before)) {
            return Set.of();
        }
        return Stream.of(before, now)
                .filter(Objects::nonNull)
                .flatMap(this::through)
                .collect(Collectors.toSet());
    }

    private Collection<ResourceID> throughDevices(TailnetKey tailnet, Collection<Device> devices, boolean whole) {
        return whole
                ? routes.ids(tailnet)
                : devices.stream()
                        .flatMap(device -> NodeIndex.of(nodes, tailnet, device).stream())
                        .flatMap(this::through)
                        .collect(Collectors.toSet());
    }

    private Stream<ResourceID> through(TailnetNode node) {
        var metadata = node.getMetadata();
        return routes.all(NodeIndex.tailnetOf(node)).stream()
                .filter(route -> route.getSpec().via().means(metadata.getName(), metadata.getLabels()))
                .map(ResourceID::fromResource);
    }
}
