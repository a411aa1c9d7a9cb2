package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.policy.TagOwnership;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Brings a node's device to what is wanted, and remembers what was refused. */
final class NodeEffects {

    private final SnapshotStore snapshots;
    private final SnapshotPoller poller;
    private final TagOwnership tagOwnership;
    private final EventRecorder events;
    private final Clock clock;
    private final DeviceEffects devices;
    private final WriteMemory memory;

    NodeEffects(
            SnapshotStore snapshots,
            SnapshotPoller poller,
            TagOwnership tagOwnership,
            EventRecorder events,
            Clock clock,
            Duration rejectedRetry) {
        this.snapshots = snapshots;
        this.poller = poller;
        this.tagOwnership = tagOwnership;
        this.events = events;
        this.clock = clock;
        this.devices = new DeviceEffects(snapshots);
        this.memory = new WriteMemory(clock, rejectedRetry);
    }

    /** Plans, does what the plan says, and plans again on what came of it. */
    NodePlan sync(TailnetNode node, Context<TailnetNode> context) {
        var plan = NodePlanner.plan(gather(node, context));
        var controlPlane = poller.controlPlane(NodeIndex.tailnetOf(node));
        if (plan.actions().isEmpty() || controlPlane.isEmpty()) {
            return plan;
        }
        var tailnet = NodeIndex.tailnetOf(node);
        var outcome = devices.perform(tailnet, controlPlane.get(), plan.actions());
        memory.remember(node.getMetadata().getUid(), circumstances(tailnet), outcome);
        outcome.done().forEach(action -> events.normal(node, "DeviceChanged", told(action)));
        return NodePlanner.plan(gather(node, context));
    }

    private NodeInput gather(TailnetNode node, Context<TailnetNode> context) {
        var tailnet = NodeIndex.tailnetOf(node);
        var view = snapshots.view(tailnet);
        return new NodeInput(
                node,
                context.getSecondaryResource(Tailnet.class).orElse(null),
                view,
                List.copyOf(context.getSecondaryResources(NodeClass.class)),
                device -> claimants(tailnet, device, context).stream()
                        .findFirst()
                        .map(first -> first.getMetadata().getName())
                        .filter(name -> !name.equals(node.getMetadata().getName())),
                tagOwnership.ownedTags(tailnet, view).orElse(null),
                memory.failures(node.getMetadata().getUid(), circumstances(tailnet)),
                clock.instant());
    }

    private List<TailnetNode> claimants(TailnetKey tailnet, Device device, Context<TailnetNode> context) {
        return snapshots
                .view(tailnet)
                .usableDevices()
                .map(devices -> NodeIndex.claimants(context.getPrimaryCache(), tailnet, device, devices))
                .orElse(List.of());
    }

    private static String told(DeviceAction action) {
        var field = action.field().toString().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "set " + field + " of device " + action.deviceId() + " to " + action.wanted() + " (was " + action.found()
                + ")";
    }

    /** Whether the first poll since the operator started is still to come: what a status says from before stands so long. */
    boolean isPending(TailnetNode node, Context<TailnetNode> context) {
        TailnetKey tailnet = NodeIndex.tailnetOf(node);
        return snapshots.view(tailnet).isPending()
                && context.getSecondaryResource(Tailnet.class).isPresent();
    }

    /** When a write that was put off is due. */
    Optional<Duration> nextTry(TailnetNode node) {
        return memory.nextTry(node.getMetadata().getUid());
    }

    void forget(TailnetNode node) {
        memory.forget(node.getMetadata().getUid());
    }

    /** What the control plane refuses now it may take under another policy, or from other credentials. */
    private String circumstances(TailnetKey tailnet) {
        var policy = snapshots.view(tailnet).policy();
        return (policy == null ? "" : policy.etag()) + " "
                + poller.settings(tailnet).hashCode();
    }
}
