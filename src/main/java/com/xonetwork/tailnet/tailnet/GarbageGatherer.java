package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Gathers what the collection of one tailnet's devices rests on. */
final class GarbageGatherer {

    private final SnapshotStore snapshots;
    private final GarbageBudget budget;
    private final Clock clock;

    GarbageGatherer(SnapshotStore snapshots, GarbageBudget budget, Clock clock) {
        this.snapshots = snapshots;
        this.budget = budget;
        this.clock = clock;
    }

    /** @param wanted whether a TailnetNode could stand for a device of the view, or is about to */
    GarbageInput gather(Tailnet tailnet, Function<TailnetView, Predicate<Device>> wanted) {
        var spec = tailnet.getSpec().garbageCollection();
        var view = snapshots.view(TailnetKey.of(tailnet));
        var now = clock.instant();
        var candidates = spec == null
                ? List.<Device>of()
                : view.usableDevices()
                        .map(devices -> GarbagePlanner.candidates(spec, devices, now))
                        .orElse(List.of());
        // To ask takes a pass over the NodeClasses: not where there is nothing to ask about.
        Set<String> stay = candidates.isEmpty() ? Set.of() : ids(candidates, wanted.apply(view));
        return new GarbageInput(spec, view, stay, budget.used(tailnet), now);
    }

    private static Set<String> ids(List<Device> candidates, Predicate<Device> wanted) {
        return candidates.stream().filter(wanted).map(Device::id).collect(Collectors.toSet());
    }
}
