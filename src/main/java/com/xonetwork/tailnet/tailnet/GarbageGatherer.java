package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/** Gathers what the collection of one tailnet's devices rests on. */
@Singleton
final class GarbageGatherer {

    private final SnapshotStore snapshots;
    private final IndexedResourceCache<TailnetNode> nodes;
    private final GarbageBudget budget;
    private final Clock clock;

    GarbageGatherer(
            SnapshotStore snapshots, IndexedResourceCache<TailnetNode> nodes, GarbageBudget budget, Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.budget = budget;
        this.clock = clock;
    }

    /** @param classes NodeClasses of the namespace */
    GarbageInput gather(Tailnet tailnet, List<NodeClass> classes) {
        var spec = tailnet.getSpec().garbageCollection();
        var view = snapshots.view(TailnetKey.of(tailnet));
        var now = clock.instant();
        var candidates = spec == null
                ? List.<Device>of()
                : view.usableDevices()
                        .map(devices -> GarbagePlanner.candidates(spec, devices, now))
                        .orElse(List.of());
        // To ask takes a pass over the NodeClasses: of these only.
        var wanted = candidates.stream()
                .filter(device -> isWanted(tailnet, classes, device))
                .map(Device::id)
                .collect(Collectors.toSet());
        return new GarbageInput(spec, view, wanted, budget.used(tailnet), now);
    }

    /** Also by a node that several devices could mean, and by one that is to be imported: neither is nobody's. */
    private boolean isWanted(Tailnet tailnet, List<NodeClass> classes, Device device) {
        var key = TailnetKey.of(tailnet);
        return NodeIndex.of(nodes, key, device).stream().anyMatch(node -> !NodeIndex.isFormer(node, device))
                || ImportPlanner.wants(tailnet.getSpec().deviceImport(), key.name(), classes, device);
    }
}
