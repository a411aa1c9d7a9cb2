package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.DeviceList;
import java.util.List;
import java.util.Optional;

/**
 * TailnetNodes that could mean the device of a node, or one that its machine was before.
 *
 * @param nodes the node itself may be among them
 */
@Pure
record Neighbours(List<TailnetNode> nodes) {

    Neighbours {
        nodes = List.copyOf(nodes);
    }

    /** Who else stands for a device and comes first: the name of that TailnetNode. */
    Optional<String> claimant(TailnetNode node, Device device, DeviceList devices) {
        return NodeIndex.claimants(nodes, device, devices).stream()
                .findFirst()
                .map(first -> first.getMetadata().getName())
                .filter(name -> isOther(node, name));
    }

    /**
     * All other TailnetNodes that a device could stand for and that somebody wrote: their names. Imported ones ask for no name, and
     * there is one for each device that is left over.
     */
    List<String> others(TailnetNode node, Device device) {
        return NodeIndex.of(nodes, device).stream()
                .filter(other -> !NodeIndex.isImported(other) || other.getSpec().hostname() != null)
                .map(other -> other.getMetadata().getName())
                .filter(name -> isOther(node, name))
                .toList();
    }

    private static boolean isOther(TailnetNode node, String name) {
        return !name.equals(node.getMetadata().getName());
    }
}
