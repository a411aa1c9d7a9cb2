package com.xonetwork.tailnet.inventory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;

/**
 * The store of a cache of thousands of resources: what two caches have of one resource in one version is one object. The
 * framework ties each controller to a cache of its own, so TailnetNodes are in two. Nobody changes what is in a cache.
 */
public final class SharedItemStore<R extends HasMetadata> extends TransformingItemStore<R> {

    /** By uid, for as long as a cache has it. */
    private static final Cache<String, HasMetadata> LATEST =
            Caffeine.newBuilder().weakValues().build();

    /** Also called by the framework, which is given the class alone. */
    public SharedItemStore() {
        super(SharedItemStore::shared);
    }

    @SuppressWarnings("unchecked") // A uid is that of one resource of one kind.
    private static <R extends HasMetadata> R shared(R resource) {
        return (R) LATEST.asMap().merge(resource.getMetadata().getUid(), resource, SharedItemStore::either);
    }

    private static HasMetadata either(HasMetadata known, HasMetadata read) {
        var same = known.getMetadata()
                .getResourceVersion()
                .equals(read.getMetadata().getResourceVersion());
        return same && known.getClass() == read.getClass() ? known : read;
    }
}
