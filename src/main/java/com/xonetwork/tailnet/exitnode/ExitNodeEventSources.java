package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
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
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What wakes an ExitNode: its Tailnet, its candidates and their devices. */
final class ExitNodeEventSources {

    private final ByTailnetEventSources<ExitNode> exits;
    private final TailnetNodeCache nodes;

    private ExitNodeEventSources(ByTailnetEventSources<ExitNode> exits, TailnetNodeCache nodes) {
        this.exits = exits;
        this.nodes = nodes;
    }

    static List<EventSource<?, ExitNode>> all(
            EventSourceContext<ExitNode> context, SnapshotStore snapshots, TailnetNodeCache nodes) {
        var exits = new ByTailnetEventSources<>(
                context, (ExitNode exit) -> exit.getSpec().tailnetRef());
        var sources = new ExitNodeEventSources(exits, nodes);
        return List.of(
                exits.tailnets(),
                new TailnetNodeEventSource<>(nodes, context, sources::withNode),
                new SnapshotEventSource<>(snapshots, sources::withDevices));
    }

    private Set<ResourceID> withNode(@Nullable TailnetNode before, @Nullable TailnetNode now) {
        if (before != null && now != null && !new SpecOrLabelsChanged<TailnetNode>().accept(now, before)) {
            return Set.of();
        }
        return with(now != null ? now : before).collect(Collectors.toSet());
    }

    private Collection<ResourceID> withDevices(TailnetKey tailnet, Collection<Device> devices, boolean whole) {
        return whole
                ? exits.ids(tailnet)
                : devices.stream()
                        .flatMap(device -> NodeIndex.of(nodes, tailnet, device).stream())
                        .flatMap(this::with)
                        .collect(Collectors.toSet());
    }

    private Stream<ResourceID> with(@Nullable TailnetNode node) {
        return node == null
                ? Stream.empty()
                : exits.all(NodeIndex.tailnetOf(node)).stream()
                        .filter(exit -> exit.getSpec().candidates().stream()
                                .anyMatch(candidate -> candidate
                                        .node()
                                        .equals(node.getMetadata().getName())))
                        .map(ResourceID::fromResource);
    }
}
