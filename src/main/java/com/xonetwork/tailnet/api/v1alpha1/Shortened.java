package com.xonetwork.tailnet.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists for a column of {@code kubectl get}: a path into a list prints its first element alone, and the list itself any length. */
final class Shortened {

    private static final int SHOWN = 3;

    private Shortened() {}

    /** {@code a,b,c + 61 more...}, as kubectl shortens endpoints; null for an empty list, as there is nothing to print. */
    static @Nullable String of(List<String> names) {
        if (names.isEmpty()) {
            return null;
        }
        var shown = String.join(",", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() > SHOWN ? shown + " + " + (names.size() - SHOWN) + " more..." : shown;
    }
}
