package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.DeviceImport;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.util.List;

/**
 * All that {@link ImportPlanner} decides on.
 *
 * @param nodes all TailnetNodes of the Tailnet
 * @param claims which of them stand for a device
 */
record ImportInput(
        TailnetKey tailnet,
        DeviceImport mode,
        TailnetView view,
        List<TailnetNode> nodes,
        List<NodeClass> classes,
        Claims claims) {

    /** Whether a device without a TailnetNode is to get one. */
    boolean wants(Device device) {
        return ImportPlanner.wants(mode, tailnet.name(), classes, device);
    }
}
