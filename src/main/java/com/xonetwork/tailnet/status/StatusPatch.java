package com.xonetwork.tailnet.status;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;

/** The object to send for a status write: identity and status, nothing else, so that server-side apply owns no more. */
public final class StatusPatch {

    private StatusPatch() {}

    /** @param empty a new object of the same kind, to be filled */
    public static <S, T, R extends CustomResource<S, T>> R of(R primary, R empty, T status) {
        empty.setMetadata(new ObjectMetaBuilder()
                .withName(primary.getMetadata().getName())
                .withNamespace(primary.getMetadata().getNamespace())
                .withUid(primary.getMetadata().getUid())
                .build());
        empty.setStatus(status);
        return empty;
    }
}
