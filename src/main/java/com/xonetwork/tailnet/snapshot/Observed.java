package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one document of a tailnet. Unknown is not absent: only where {@code isRead} does no document mean that there never
 * was one.
 *
 * @param isRead whether it was read at all, over this connection or over a former one to the same tailnet
 * @param document as it was read last, or as we wrote it since; null when the service has none
 * @param trouble why the last attempt to read it failed; null when it succeeded
 */
public record Observed<T>(
        boolean isRead, @Nullable T document, @Nullable ControlPlaneException trouble) {

    static <T> Observed<T> unread() {
        return new Observed<>(false, null, null);
    }

    static <T> Observed<T> read(Optional<T> document) {
        return new Observed<>(true, document.orElse(null), null);
    }

    Observed<T> withTrouble(ControlPlaneException why) {
        return new Observed<>(isRead, document, why);
    }

    /** Whether a decision may rest on it. */
    public boolean isKnown() {
        return isRead && trouble == null;
    }
}
