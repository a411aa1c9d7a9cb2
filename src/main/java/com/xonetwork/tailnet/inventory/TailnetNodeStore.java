package com.xonetwork.tailnet.inventory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;

/**
 * What a cache of TailnetNodes keeps them in: what two caches have of one node in one version is one object. There are two,
 * as the framework ties its controller to a cache of its own. Nobody changes what is in a cache.
 */
public final class TailnetNodeStore extends TransformingItemStore<TailnetNode> {

    /** By uid, for as long as a cache has it. */
    private static final Cache<String, TailnetNode> LATEST =
            Caffeine.newBuilder().weakValues().build();

    /** Also called by the framework, which is given the class alone. */
    public TailnetNodeStore() {
        super(node -> LATEST.asMap().merge(node.getMetadata().getUid(), node, TailnetNodeStore::either));
    }

    private static TailnetNode either(TailnetNode known, TailnetNode read) {
        var version = read.getMetadata().getResourceVersion();
        return known.getMetadata().getResourceVersion().equals(version) ? known : read;
    }
}
