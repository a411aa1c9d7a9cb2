package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Wakes resources of another kind when a TailnetNode comes, changes or goes. Unlike the framework's own informer source, it
 * is asked with the old form too, so that what the node left is woken as well.
 *
 * @param <P> the primary resource
 */
public final class TailnetNodeEventSource<P extends HasMetadata> extends AbstractEventSource<TailnetNode, P>
        implements ResourceEventHandler<TailnetNode> {

    /** Which primaries a change concerns; before is null for a new node, now is null for one that went. */
    @FunctionalInterface
    public interface Concerned {
        Collection<ResourceID> by(@Nullable TailnetNode before, @Nullable TailnetNode now);
    }

    private final TailnetNodeCache nodes;
    private final Concerned concerned;

    public TailnetNodeEventSource(TailnetNodeCache nodes, EventSourceContext<P> context, Concerned concerned) {
        super(TailnetNode.class, "tailnetnodes");
        this.nodes = nodes;
        this.concerned = concerned;
    }

    /**
     * For who depends on what a node is asked to be, and not on its status.
     *
     * @param concerned which primaries one form of a node concerns; asked for both forms of a changed one
     */
    public static <P extends HasMetadata> TailnetNodeEventSource<P> ofSpecs(
            TailnetNodeCache nodes,
            EventSourceContext<P> context,
            Function<TailnetNode, Stream<ResourceID>> concerned) {
        var changed = new SpecOrLabelsChanged<TailnetNode>();
        return of(nodes, context, (before, now) -> changed.accept(now, before), concerned);
    }

    /**
     * For who depends on which device a node stands for, and on its labels: not on what else the node is asked to be.
     *
     * @param concerned as in {@link #ofSpecs}
     */
    public static <P extends HasMetadata> TailnetNodeEventSource<P> ofIdentities(
            TailnetNodeCache nodes,
            EventSourceContext<P> context,
            Function<TailnetNode, Stream<ResourceID>> concerned) {
        return of(nodes, context, TailnetNodeEventSource::isAnother, concerned);
    }

    private static boolean isAnother(TailnetNode before, TailnetNode now) {
        var old = before.getMetadata();
        var metadata = now.getMetadata();
        return !Objects.equals(old.getUid(), metadata.getUid())
                || !Objects.equals(old.getLabels(), metadata.getLabels())
                || !Objects.equals(old.getDeletionTimestamp(), metadata.getDeletionTimestamp())
                || !NodeIndex.keys(before).equals(NodeIndex.keys(now));
    }

    private static <P extends HasMetadata> TailnetNodeEventSource<P> of(
            TailnetNodeCache nodes,
            EventSourceContext<P> context,
            BiPredicate<TailnetNode, TailnetNode> isNews,
            Function<TailnetNode, Stream<ResourceID>> concerned) {
        return new TailnetNodeEventSource<>(
                nodes,
                context,
                (before, now) -> before != null && now != null && !isNews.test(before, now)
                        ? Set.of()
                        : Stream.of(Optional.ofNullable(before), Optional.ofNullable(now))
                                .flatMap(Optional::stream)
                                .flatMap(concerned)
                                .collect(Collectors.toSet()));
    }

    @Override
    public void onAdd(TailnetNode node) {
        wake(null, node);
    }

    @Override
    public void onUpdate(TailnetNode before, TailnetNode now) {
        wake(before, now);
    }

    @Override
    public void onDelete(TailnetNode node, boolean unknown) {
        wake(node, null);
    }

    private void wake(@Nullable TailnetNode before, @Nullable TailnetNode now) {
        if (isRunning()) {
            concerned.by(before, now).forEach(id -> getEventHandler().handleEvent(new Event(id)));
        }
    }

    /** They are looked up in the {@link TailnetNodeCache} itself. */
    @Override
    public Set<TailnetNode> getSecondaryResources(P primary) {
        return Set.of();
    }

    @Override
    public void start() {
        if (!isRunning()) {
            if (!nodes.isFilled()) {
                throw new IllegalStateException("TailnetNodes are not listed yet: their own controller starts first");
            }
            super.start();
            nodes.addHandler(this);
        }
    }

    @Override
    public void stop() {
        nodes.removeHandler(this);
        super.stop();
    }
}
