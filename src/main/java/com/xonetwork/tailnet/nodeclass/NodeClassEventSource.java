package com.xonetwork.tailnet.nodeclass;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.config.SpecOrLabelsChanged;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lets resources look up the NodeClasses of their namespace, and wakes them when one changes. */
public final class NodeClassEventSource {

    private NodeClassEventSource() {}

    /** @param <P> a kind whose resources all depend on every class of their namespace */
    public static <P extends HasMetadata> InformerEventSource<NodeClass, P> of(EventSourceContext<P> context) {
        var primaries = context.getPrimaryCache();
        // A resource that is created later than a class must find it too: the way back goes through the classes' own
        // cache.
        var classes = new AtomicReference<InformerEventSource<NodeClass, P>>();
        var source = new InformerEventSource<NodeClass, P>(
                InformerEventSourceConfiguration.from(NodeClass.class, context.getPrimaryResourceClass())
                        .withSecondaryToPrimaryMapper(nodeClass ->
                                ids(primaries.list(nodeClass.getMetadata().getNamespace())))
                        .withPrimaryToSecondaryMapper((P primary) -> ids(Objects.requireNonNull(classes.get())
                                .list(primary.getMetadata().getNamespace())))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
        classes.set(source);
        return source;
    }

    private static Set<ResourceID> ids(Stream<? extends HasMetadata> resources) {
        return resources.map(ResourceID::fromResource).collect(Collectors.toSet());
    }
}
