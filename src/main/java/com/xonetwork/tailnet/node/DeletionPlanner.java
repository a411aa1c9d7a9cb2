package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.node.DeletionPlan.Part;
import com.xonetwork.tailnet.pure.Pure;
import java.util.stream.Collectors;

/** Decides what a TailnetNode that is being deleted takes along. */
@Pure
final class DeletionPlanner {

    private DeletionPlanner() {}

    static DeletionPlan plan(DeletionInput input) {
        return new DeletionPlan(input.view(), key(input), device(input));
    }

    private static Part key(DeletionInput input) {
        if (!input.node().hasFinalizer(ApiGroup.JOIN_KEY_FINALIZER)) {
            return new Part.Nothing();
        }
        if (input.tailnet() == null) {
            return new Part.Leave("its Tailnet does not exist any more");
        }
        return input.view().settings().isEmpty()
                ? new Part.Wait("there is no connection to the control plane")
                : new Part.Remove(JoinPlanner.place(input.view()));
    }

    private static Part device(DeletionInput input) {
        var node = input.node();
        if (!node.hasFinalizer(ApiGroup.DEVICE_FINALIZER) || node.getSpec().deletionPolicy() != DeletionPolicy.DELETE) {
            return new Part.Nothing();
        }
        var tailnet = NodeIndex.tailnetOf(node).name();
        if (input.tailnet() == null) {
            return new Part.Leave("Tailnet " + tailnet + " does not exist any more");
        }
        if (input.view().settings().isEmpty() || input.view().usableDevices().isEmpty()) {
            return new Part.Wait("the devices of Tailnet " + tailnet + " are not known");
        }
        var mine = input.mine();
        if (mine.size() > 1) {
            return new Part.Leave("several devices are called " + node.getSpec().hostname() + " ("
                    + mine.stream().map(Device::id).collect(Collectors.joining(", ")) + ")");
        }
        return mine.isEmpty()
                ? new Part.Nothing()
                : new Part.Remove(mine.getFirst().id());
    }
}
