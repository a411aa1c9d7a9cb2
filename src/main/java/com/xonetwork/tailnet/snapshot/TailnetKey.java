package com.xonetwork.tailnet.snapshot;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** A Tailnet resource by namespace and name. */
public record TailnetKey(String namespace, String name) {

    public static TailnetKey of(HasMetadata tailnet) {
        return new TailnetKey(
                tailnet.getMetadata().getNamespace(), tailnet.getMetadata().getName());
    }

    /** Of the Tailnet that a resource names, which is in the same namespace. */
    public static TailnetKey named(HasMetadata resource, String tailnet) {
        return new TailnetKey(resource.getMetadata().getNamespace(), tailnet);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
