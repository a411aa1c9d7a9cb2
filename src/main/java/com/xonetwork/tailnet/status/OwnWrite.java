package com.xonetwork.tailnet.status;

import com.xonetwork.tailnet.pure.Pure;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A write of the operator's own, short of the status, to the resource that it is reconciling. */
@Pure
public final class OwnWrite {

    private OwnWrite() {}

    /**
     * Goes on from the version that the write made, or the status that follows would be refused for it: see
     * {@link StatusPatch}. When somebody else changed the resource between the read and the write, it stays at the version
     * that was read: then the status must be refused, and what is there now be looked at.
     *
     * @param read what is being reconciled; gets the metadata of the other
     * @param written what the API server answered; null when the resource is gone
     */
    public static void goOnFrom(HasMetadata read, @Nullable HasMetadata written) {
        if (written == null) {
            return;
        }
        var before = read.getMetadata();
        var after = written.getMetadata();
        if (Objects.equals(before.getGeneration(), after.getGeneration())
                && Objects.equals(before.getLabels(), after.getLabels())
                && Objects.equals(before.getDeletionTimestamp(), after.getDeletionTimestamp())) {
            read.setMetadata(after);
        }
    }
}
