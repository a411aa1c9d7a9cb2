package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.inventory.TailnetNodeEventSource;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.nodeclass.NodeClassEventSources;
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
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What wakes a Tailnet, and what it can look up: its policies, nodes and intents for routes, the
 * NodeClasses of its namespace. */
final class TailnetEventSources {

    private TailnetEventSources() {}

    static List<EventSource<?, Tailnet>> all(
            EventSourceContext<Tailnet> context,
            SnapshotStore snapshots,
            TailnetNodeCache nodes,
            Consumer<TailnetKey> forget) {
        var tailnets = context.getPrimaryCache();
        return List.of(
                naming(AclPolicy.class, context, policy -> policy.getSpec().tailnetRef()),
                naming(SubnetRoute.class, context, route -> route.getSpec().tailnetRef()),
                naming(ExitNode.class, context, exit -> exit.getSpec().tailnetRef()),
                TailnetNodeEventSource.ofIdentities(
                        nodes,
                        context,
                        node -> Stream.of(id(node, node.getSpec().tailnetRef()))),
                NodeClassEventSources.of(context),
                new SnapshotEventSource<>(snapshots, (tailnet, devices, whole) -> concerned(tailnets, tailnet, whole)),
                new DeletedTailnets(forget));
    }

    private static <R extends HasMetadata> EventSource<R, Tailnet> naming(
            Class<R> kind, EventSourceContext<Tailnet> context, Function<R, LocalRef> tailnetRef) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, Tailnet.class)
                        .withSecondaryToPrimaryMapper(resource -> Set.of(id(resource, tailnetRef.apply(resource))))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
    }

    /** What becomes known of one tailnet can show that another Tailnet is its duplicate. */
    private static Collection<ResourceID> concerned(
            IndexedResourceCache<Tailnet> tailnets, TailnetKey changed, boolean whole) {
        Predicate<Tailnet> wanted = tailnet -> whole || TailnetKey.of(tailnet).equals(changed);
        return tailnets.list(wanted).map(ResourceID::fromResource).collect(Collectors.toSet());
    }

    private static ResourceID id(HasMetadata resource, LocalRef tailnetRef) {
        return new ResourceID(tailnetRef.name(), resource.getMetadata().getNamespace());
    }
}
