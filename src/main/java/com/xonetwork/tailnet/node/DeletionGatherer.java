package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;

/** Gathers what the end of a TailnetNode depends on. */
record DeletionGatherer(SnapshotStore snapshots) {

    DeletionInput gather(TailnetNode node, Context<TailnetNode> context) {
        var view = snapshots.view(NodeIndex.tailnetOf(node));
        return new DeletionInput(
                node,
                context.getSecondaryResource(Tailnet.class).orElse(null),
                view,
                view.usableDevices()
                        .map(devices -> NodeIndex.candidates(node, devices).stream()
                                .filter(device -> isRightful(node, device, context))
                                .toList())
                        .orElse(List.of()));
    }

    private static boolean isRightful(TailnetNode node, Device device, Context<TailnetNode> context) {
        return NodeIndex.of(context.getPrimaryCache(), NodeIndex.tailnetOf(node), device).stream()
                .filter(other -> !NodeIndex.isFormer(other, device))
                .findFirst()
                .filter(first ->
                        first.getMetadata().getName().equals(node.getMetadata().getName()))
                .isPresent();
    }
}
