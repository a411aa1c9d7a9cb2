package com.xonetwork.tailnet.inventory;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;

/**
 * A cache's store that drops what nobody here reads: {@code managedFields} are about two thirds of a small custom resource
 * on the heap. Only for kinds that are never compared with JOSDK's matcher for server-side apply, which reads them.
 */
public final class WithoutManagedFields<R extends HasMetadata> extends TransformingItemStore<R> {

    /** Also called by the framework, which is given the class alone. */
    public WithoutManagedFields() {
        super(WithoutManagedFields::prune);
    }

    private static <R extends HasMetadata> R prune(R resource) {
        resource.getMetadata().setManagedFields(null);
        return resource;
    }
}
