package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.NodeIndex;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A cache of TailnetNodes with their index, as an informer would keep it. */
public record NodeCache(List<TailnetNode> nodes) implements IndexedResourceCache<TailnetNode> {

    public static NodeCache of(TestNode... nodes) {
        return new NodeCache(Stream.of(nodes).map(TestNode::build).toList());
    }

    @Override
    public List<TailnetNode> byIndex(String indexName, String indexKey) {
        if (!indexName.equals(NodeIndex.NAME)) {
            throw new IllegalArgumentException("no index " + indexName);
        }
        return nodes.stream()
                .filter(node -> NodeIndex.keys(node).contains(indexKey))
                .toList();
    }

    @Override
    public Stream<TailnetNode> list(String namespace, Predicate<TailnetNode> predicate) {
        return list(node -> node.getMetadata().getNamespace().equals(namespace) && predicate.test(node));
    }

    @Override
    public Optional<TailnetNode> get(ResourceID id) {
        return nodes.stream()
                .filter(node -> ResourceID.fromResource(node).equals(id))
                .findFirst();
    }

    @Override
    public Stream<ResourceID> keys() {
        return nodes.stream().map(ResourceID::fromResource);
    }

    @Override
    public Stream<TailnetNode> list(Predicate<TailnetNode> predicate) {
        return nodes.stream().filter(predicate);
    }
}
