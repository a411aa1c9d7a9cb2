package com.xonetwork.tailnet.controlplane;

import java.util.List;

/** The keys that machines join a tailnet with. */
public non-sealed interface JoinKeys extends Port {

    /**
     * Makes one join key. Not idempotent and never retried: after an {@link ControlPlaneException.Unavailable} look for
     * the key by its description before asking again.
     */
    JoinKey create(JoinKeyRequest request);

    /** Join keys without their secret part. */
    List<JoinKey> list();

    /** Revokes a join key; one that is gone already is a success. */
    void revoke(String keyId);
}
