package com.xonetwork.tailnet.nodeclass;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.inventory.NamespaceEventSources;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.stream.Collectors;

/** Lets resources look up the NodeClasses of their namespace, and wakes them when one changes. */
public final class NodeClassEventSource {

    private NodeClassEventSource() {}

    /** @param <P> a kind whose resources all depend on every class of their namespace */
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
