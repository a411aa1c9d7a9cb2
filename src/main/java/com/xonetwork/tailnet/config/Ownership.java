package com.xonetwork.tailnet.config;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** What the operator makes for a resource belongs to it, and goes with it. */
public final class Ownership {

    private Ownership() {}

    /** The reference to put on what is made for the owner. */
    public static OwnerReference by(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .build();
    }

    /** Whether the resource belongs to the one with this UID: a name alone could be anybody's. */
    public static boolean isBy(String uid, HasMetadata resource) {
        return resource.getMetadata().getOwnerReferences().stream().anyMatch(owner -> uid.equals(owner.getUid()));
    }
}
