package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.GarbageCollectionSpec;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link GarbagePlanner} decides on.
 *
 * @param spec null when nothing is collected
 * @param wanted ids of devices that a TailnetNode could stand for, or is about to; known of {@link GarbagePlanner#candidates} only
 * @param deletions when devices were removed
 */
record GarbageInput(
        @Nullable GarbageCollectionSpec spec,
        TailnetView view,
        Set<String> wanted,
        List<Instant> deletions,
        Instant now) {
    GarbageInput {
        wanted = Set.copyOf(wanted);
        deletions = List.copyOf(deletions);
    }
}
