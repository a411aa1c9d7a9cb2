package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.PerResource;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Failures;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Ends a TailnetNode. With {@code deletionPolicy: Delete} its device goes first; but a deletion always ends: what cannot be
 * removed (the Tailnet is gone, its control plane does not answer in time) stays in the tailnet, and an Event says so.
 */
final class NodeDeletion {

    private final SnapshotStore snapshots;
    private final DeviceEffects effects;
    private final EventRecorder events;
    private final DeletionPatience patience;
    /** Nodes that nothing of ours holds any more. */
    private final PerResource<Boolean> released = new PerResource<>();

    NodeDeletion(SnapshotStore snapshots, DeviceEffects effects, EventRecorder events, DeletionPatience patience) {
        this.snapshots = snapshots;
        this.effects = effects;
        this.events = events;
        this.patience = patience;
    }

    /**
     * Only a node whose device goes with it carries the finalizer: nothing else can keep a TailnetNode from going. To be
     * done before anything is decided: the node becomes what the API server answers, for what somebody else changed
     * meanwhile is in that, and the SDK tells of it no more.
     */
    void keepFinalizerAsWanted(TailnetNode node, Context<TailnetNode> context) {
        var wanted = node.getSpec().deletionPolicy() == DeletionPolicy.DELETE;
        if (wanted == node.hasFinalizer(ApiGroup.DEVICE_FINALIZER)) {
            return;
        }
        var operations = context.resourceOperations();
        var written = wanted
                ? operations.addFinalizer(ApiGroup.DEVICE_FINALIZER)
                : operations.removeFinalizer(ApiGroup.DEVICE_FINALIZER);
        if (written == null) {
            return;
        }
        node.setMetadata(written.getMetadata());
        node.setSpec(written.getSpec());
        node.setStatus(written.getStatus());
    }

    /**
     * What a deletion asks for, until it has been done. Of the removal of the last finalizer the API server answers with the version
     * before it, so until the SDK hears that the node is gone it shows it as it was, and whatever wakes it would have all told again.
     *
     * @param steps that do it; an update without a delay says that nothing is left to be done
     */
    UpdateControl<TailnetNode> once(TailnetNode node, Supplier<UpdateControl<TailnetNode>> steps) {
        if (released.get(node).isPresent()) {
            return UpdateControl.noUpdate();
        }
        var update = steps.get();
        if (update.getScheduleDelay().isEmpty()) {
            released.put(node, true);
        }
        return update;
    }

    void forget(TailnetNode node) {
        released.forget(node);
    }

    UpdateControl<TailnetNode> proceed(TailnetNode node, Context<TailnetNode> context) {
        if (!node.hasFinalizer(ApiGroup.DEVICE_FINALIZER)) {
            return UpdateControl.noUpdate();
        }
        var wait = node.getSpec().deletionPolicy() == DeletionPolicy.DELETE
                ? deleteDevice(node, context)
                : Optional.<Duration>empty();
        if (wait.isPresent()) {
            return LookAgain.after(wait, UpdateControl.noUpdate());
        }
        context.resourceOperations().removeFinalizer(ApiGroup.DEVICE_FINALIZER);
        return UpdateControl.noUpdate();
    }

    /** The node is gone and its device stays, as its spec says: worth a word, as nothing looks after it any more. */
    void tellWhatStays(TailnetNode node) {
        var status = node.getStatus();
        if (node.getSpec().deletionPolicy() == DeletionPolicy.RETAIN
                && !NodeIndex.isImported(node)
                && status != null
                && status.deviceId() != null) {
            events.normal(
                    node,
                    "DeviceRetained",
                    "device " + lastKnown(node) + " stays in the tailnet as it is, with its tags and approved routes"
                            + " (deletionPolicy: Retain)");
        }
    }

    /** @return how long to wait before trying again; empty when the node can be let go */
    private Optional<Duration> deleteDevice(TailnetNode node, Context<TailnetNode> context) {
        var key = NodeIndex.tailnetOf(node);
        var view = snapshots.view(key);
        if (context.getSecondaryResource(Tailnet.class).isEmpty()) {
            return leave(node, "Tailnet " + key.name() + " does not exist any more");
        }
        var devices = view.usableDevices();
        if (view.controlPlane().isEmpty() || devices.isEmpty()) {
            return patience.nextTry(node)
                    .or(() -> leave(node, "the devices of Tailnet " + key.name() + " are not known"));
        }
        var mine = NodeIndex.candidates(node, devices.get()).stream()
                .filter(device -> isRightful(node, device, key, context))
                .toList();
        if (mine.size() > 1) {
            return leave(
                    node,
                    "several devices are called " + node.getSpec().hostname() + " ("
                            + String.join(", ", mine.stream().map(Device::id).toList()) + ")");
        }
        return mine.isEmpty() ? Optional.empty() : delete(node, key, view, mine);
    }

    private Optional<Duration> delete(TailnetNode node, TailnetKey key, TailnetView view, List<Device> mine) {
        var id = mine.getFirst().id();
        try {
            effects.delete(key, view, id);
            events.normal(node, "DeviceDeleted", "removed device " + id + " from the tailnet");
            return Optional.empty();
        } catch (ControlPlaneException e) {
            return patience.nextTry(node, e).or(() -> leave(node, Failures.message(e)));
        }
    }

    private static boolean isRightful(TailnetNode node, Device device, TailnetKey key, Context<TailnetNode> context) {
        return NodeIndex.of(context.getPrimaryCache(), key, device).stream()
                .filter(other -> !NodeIndex.isFormer(other, device))
                .findFirst()
                .filter(first ->
                        first.getMetadata().getName().equals(node.getMetadata().getName()))
                .isPresent();
    }

    private Optional<Duration> leave(TailnetNode node, String why) {
        events.warning(
                node,
                "DeviceLeftBehind",
                "device " + lastKnown(node) + " may still be in the tailnet and must be removed by hand: " + why);
        return Optional.empty();
    }

    /** As a human will look for it: what was last seen of it, else what the spec calls it. */
    private static String lastKnown(TailnetNode node) {
        var status = node.getStatus();
        if (status != null && status.deviceId() != null) {
            return status.name() + " (id " + status.deviceId() + ")";
        }
        var spec = node.getSpec();
        return String.valueOf(spec.deviceId() != null ? spec.deviceId() : spec.hostname());
    }
}
