package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.config.SpecOrLabelsChanged;
import com.xonetwork.tailnet.node.NodeIndex;
import com.xonetwork.tailnet.nodeclass.NodeClassEventSource;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What wakes a Tailnet, and what it can look up: its AclPolicies and TailnetNodes, the NodeClasses of its namespace. */
final class TailnetEventSources {

    private TailnetEventSources() {}

    static List<EventSource<?, Tailnet>> all(EventSourceContext<Tailnet> context, SnapshotStore snapshots) {
        var tailnets = context.getPrimaryCache();
        var policies = new InformerEventSource<AclPolicy, Tailnet>(
                InformerEventSourceConfiguration.from(AclPolicy.class, Tailnet.class)
                        .withSecondaryToPrimaryMapper(
                                policy -> Set.of(id(policy, policy.getSpec().tailnetRef())))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
        var nodes = new InformerEventSource<TailnetNode, Tailnet>(
                InformerEventSourceConfiguration.from(TailnetNode.class, Tailnet.class)
                        .withSecondaryToPrimaryMapper(
                                node -> Set.of(id(node, node.getSpec().tailnetRef())))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
        nodes.addIndexer(NodeIndex.NAME, NodeIndex::keys);
        return List.of(
                policies,
                nodes,
                NodeClassEventSource.of(context),
                new SnapshotEventSource<>(snapshots, (tailnet, devices, whole) -> concerned(tailnets, tailnet, whole)));
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
