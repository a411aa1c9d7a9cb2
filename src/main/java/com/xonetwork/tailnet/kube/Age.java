package com.xonetwork.tailnet.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Comparator;

/** The order in which resources of one namespace came to be. */
public final class Age {

    /** The older one first; of those of one second the first by name, so that everybody comes to the same answer. */
    public static final Comparator<HasMetadata> OLDEST_FIRST = Comparator.comparing((HasMetadata resource) ->
                    String.valueOf(resource.getMetadata().getCreationTimestamp()))
            .thenComparing(resource -> resource.getMetadata().getName());

    private Age() {}
}
