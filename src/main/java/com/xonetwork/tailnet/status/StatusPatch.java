package com.xonetwork.tailnet.status;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;

/**
 * The object to send for a status write: identity and status, nothing else, so that server-side apply owns no more.
 *
 * <p>It names the version that the status was decided on, and the API server refuses it (409) when that is not the latest
 * any more; the SDK then tries again with what is there. Without that, a change that arrives while the status is on its way
 * is passed over: the SDK (5.3.2, {@code TemporaryResourceCache}) takes every event up to the version of the answer for the
 * write's own echo. It also keeps a replica that was paused, and is not the leader any more, from overwriting.
 */
public final class StatusPatch {

    private StatusPatch() {}

    /** @param empty a new object of the same kind, to be filled */
    public static <S, T, R extends CustomResource<S, T>> R of(R primary, R empty, T status) {
        empty.setMetadata(new ObjectMetaBuilder()
                .withName(primary.getMetadata().getName())
                .withNamespace(primary.getMetadata().getNamespace())
                .withUid(primary.getMetadata().getUid())
                .withResourceVersion(primary.getMetadata().getResourceVersion())
                .build());
        empty.setStatus(status);
        return empty;
    }
}
