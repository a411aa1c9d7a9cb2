package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.config.SpecOrLabelsChanged;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.SnapshotEventSource;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What wakes a TailnetNode, and what it can look up: its Tailnet, the NodeClasses of its namespace, its device. */
final class NodeEventSources {

    private NodeEventSources() {}

    static List<EventSource<?, TailnetNode>> all(EventSourceContext<TailnetNode> context, SnapshotStore snapshots) {
        var nodes = context.getPrimaryCache();
        var tailnets = new InformerEventSource<Tailnet, TailnetNode>(
                InformerEventSourceConfiguration.from(Tailnet.class, TailnetNode.class)
                        .withSecondaryToPrimaryMapper(
                                tailnet -> ids(NodeIndex.ofTailnet(nodes, TailnetKey.of(tailnet))))
                        .withPrimaryToSecondaryMapper((TailnetNode node) -> Set.of(new ResourceID(
                                node.getSpec().tailnetRef().name(),
                                node.getMetadata().getNamespace())))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
        // A node that is created later than a class must find it too: the way back goes through the classes' own cache.
        var classCache = new AtomicReference<InformerEventSource<NodeClass, TailnetNode>>();
        var classes = new InformerEventSource<NodeClass, TailnetNode>(
                InformerEventSourceConfiguration.from(NodeClass.class, TailnetNode.class)
                        .withSecondaryToPrimaryMapper(nodeClass -> ids(inNamespace(nodes, nodeClass)))
                        .withPrimaryToSecondaryMapper((TailnetNode node) -> Objects.requireNonNull(classCache.get())
                                .list(node.getMetadata().getNamespace())
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
        classCache.set(classes);
        return List.of(
                tailnets,
                classes,
                new SnapshotEventSource<>(
                        snapshots, (tailnet, devices, whole) -> concerned(nodes, tailnet, devices, whole)));
    }

    private static Collection<ResourceID> concerned(
            IndexedResourceCache<TailnetNode> nodes, TailnetKey tailnet, Collection<Device> devices, boolean whole) {
        return whole
                ? ids(NodeIndex.ofTailnet(nodes, tailnet))
                : devices.stream()
                        .flatMap(device -> NodeIndex.of(nodes, tailnet, device).stream())
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet());
    }

    private static Stream<TailnetNode> inNamespace(IndexedResourceCache<TailnetNode> nodes, HasMetadata other) {
        return nodes.list(other.getMetadata().getNamespace());
    }

    private static Set<ResourceID> ids(Collection<TailnetNode> nodes) {
        return ids(nodes.stream());
    }

    private static Set<ResourceID> ids(Stream<TailnetNode> nodes) {
        return nodes.map(ResourceID::fromResource).collect(Collectors.toSet());
    }
}
