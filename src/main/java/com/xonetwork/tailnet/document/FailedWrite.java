package com.xonetwork.tailnet.document;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;

/**
 * A write that did not succeed: the same one is not repeated before its time.
 *
 * @param hash of what the document should mean
 * @param condition what had to be true for it
 * @param failure why it did not succeed
 */
public record FailedWrite<C>(String hash, C condition, ControlPlaneException failure) {

    /** Whether that write would be the same one again. */
    public boolean isOf(DocumentPlan.Write<C> write) {
        return hash.equals(write.hash()) && condition.equals(write.condition());
    }
}
