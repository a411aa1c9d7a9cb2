package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.DeviceList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The same answers as {@link NodeIndex#claimants}, for who asks about all devices of a tailnet: worked out in one pass over
 * the nodes, with the first question. For one thread.
 */
public final class Claims {

    private final Collection<TailnetNode> nodes;
    private final @Nullable DeviceList devices;
    private @Nullable Map<String, List<TailnetNode>> byDevice;

    /**
     * @param nodes all of the tailnet
     * @param devices null while they are not known: then nobody stands for any
     */
    public Claims(Collection<TailnetNode> nodes, @Nullable DeviceList devices) {
        this.nodes = nodes;
        this.devices = devices;
    }

    /** The nodes that stand for a device, the rightful one first. */
    public List<TailnetNode> of(Device device) {
        var all = byDevice;
        if (all == null) {
            all = devices == null ? Map.of() : pass(nodes, devices);
            byDevice = all;
        }
        return all.getOrDefault(device.id(), List.of());
    }

    /** The node whose device it is. */
    public Optional<TailnetNode> holder(Device device) {
        return of(device).stream().findFirst();
    }

    private static Map<String, List<TailnetNode>> pass(Collection<TailnetNode> nodes, DeviceList devices) {
        var found = new HashMap<String, List<TailnetNode>>();
        for (var node : nodes) {
            device(node, devices)
                    .ifPresent(device -> found.computeIfAbsent(device.id(), unused -> new ArrayList<>(1))
                            .add(node));
        }
        found.values().stream().filter(claimants -> claimants.size() > 1).forEach(NodeIndex::sort);
        return found;
    }

    private static Optional<Device> device(TailnetNode node, DeviceList devices) {
        var spec = node.getSpec();
        if (spec.deviceId() != null) {
            return devices.byId(spec.deviceId());
        }
        var candidates = spec.hostname() == null ? List.<Device>of() : NodeIndex.candidates(node, devices);
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }
}
