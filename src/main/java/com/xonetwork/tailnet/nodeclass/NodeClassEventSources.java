package com.xonetwork.tailnet.nodeclass;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.NamespaceEventSources;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.inventory.TailnetNodeEventSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What wakes a NodeClass: nodes that come to it or leave it. And how a NodeClass wakes resources of other kinds. */
public final class NodeClassEventSources {

    private NodeClassEventSources() {}

    static List<EventSource<?, NodeClass>> all(EventSourceContext<NodeClass> context, TailnetNodeCache nodes) {
        return List.of(new TailnetNodeEventSource<>(nodes, context, NodeClassEventSources::changedClasses));
    }

    /** The classes that a node came to or left. */
    private static Set<ResourceID> changedClasses(@Nullable TailnetNode before, @Nullable TailnetNode now) {
        var left = ids(before);
        var entered = ids(now);
        return Stream.concat(
                        left.stream().filter(id -> !entered.contains(id)),
                        entered.stream().filter(id -> !left.contains(id)))
                .collect(Collectors.toSet());
    }

    private static Set<ResourceID> ids(@Nullable TailnetNode node) {
        return node == null
                ? Set.of()
                : NodeIndex.classesOf(node).stream()
                        .map(name -> new ResourceID(name, node.getMetadata().getNamespace()))
                        .collect(Collectors.toSet());
    }

    /**
     * Lets resources look up the NodeClasses of their namespace, and wakes them when one changes.
     *
     * @param <P> a kind whose resources all depend on every class of their namespace
     */
    public static <P extends HasMetadata> InformerEventSource<NodeClass, P> of(EventSourceContext<P> context) {
        var primaries = context.getPrimaryCache();
        return NamespaceEventSources.of(
                NodeClass.class,
                context,
                nodeClass -> primaries
                        .list(nodeClass.getMetadata().getNamespace())
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet()));
    }
}
