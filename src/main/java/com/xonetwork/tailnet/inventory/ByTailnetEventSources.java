package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.snapshot.SnapshotEventSource;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resources of a kind by the Tailnet that they name: found again through an index, and woken when it changes.
 *
 * @param <P> the kind
 */
public final class ByTailnetEventSources<P extends HasMetadata> {

    private static final String INDEX = "by-tailnet";

    private final EventSourceContext<P> context;
    private final IndexerResourceCache<P> primaries;
    private final Function<P, LocalRef> reference;

    /** Adds the index: at most one for each controller. */
    public ByTailnetEventSources(EventSourceContext<P> context, Function<P, LocalRef> reference) {
        this.context = context;
        this.primaries = context.getPrimaryCache();
        this.reference = reference;
        primaries.addIndexer(INDEX, primary -> List.of(keyOf(primary).toString()));
    }

    public TailnetKey keyOf(P primary) {
        return TailnetKey.named(primary, reference.apply(primary).name());
    }

    public List<P> all(TailnetKey tailnet) {
        return primaries.byIndex(INDEX, tailnet.toString());
    }

    public Set<ResourceID> ids(TailnetKey tailnet) {
        return all(tailnet).stream().map(ResourceID::fromResource).collect(Collectors.toSet());
    }

    /**
     * Wakes those that a TailnetNode means something to when it comes, changes or goes.
     *
     * @param concerns whether a node, as it was or as it is, means something to one of its Tailnet
     */
    public TailnetNodeEventSource<P> nodes(TailnetNodeCache nodes, BiPredicate<P, TailnetNode> concerns) {
        return TailnetNodeEventSource.ofSpecs(nodes, context, node -> concerned(node, concerns));
    }

    /** Wakes those that a TailnetNode means something to when its device changes. */
    public SnapshotEventSource<P> devices(
            SnapshotStore snapshots, TailnetNodeCache nodes, BiPredicate<P, TailnetNode> concerns) {
        return new SnapshotEventSource<>(
                snapshots,
                (tailnet, devices, whole) -> whole
                        ? ids(tailnet)
                        : devices.stream()
                                .flatMap(device -> NodeIndex.of(nodes, tailnet, device).stream())
                                .flatMap(node -> concerned(node, concerns))
                                .collect(Collectors.toSet()));
    }

    private Stream<ResourceID> concerned(TailnetNode node, BiPredicate<P, TailnetNode> concerns) {
        return all(NodeIndex.tailnetOf(node)).stream()
                .filter(primary -> concerns.test(primary, node))
                .map(ResourceID::fromResource);
    }

    /** Lets each look up its Tailnet, and wakes all of a Tailnet when its spec changes. */
    public InformerEventSource<Tailnet, P> tailnets() {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Tailnet.class, context.getPrimaryResourceClass())
                        .withSecondaryToPrimaryMapper(tailnet -> ids(TailnetKey.of(tailnet)))
                        .withPrimaryToSecondaryMapper((P primary) -> Set.of(new ResourceID(
                                reference.apply(primary).name(),
                                primary.getMetadata().getNamespace())))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
    }
}
