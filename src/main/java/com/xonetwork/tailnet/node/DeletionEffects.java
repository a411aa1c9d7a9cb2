package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.node.DeletionPlan.Part;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.PerResource;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Failures;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Ends a TailnetNode. With {@code deletionPolicy: Delete} its device goes first; but a deletion always ends: what cannot be
 * removed (the Tailnet is gone, its control plane does not answer in time) stays in the tailnet, and an Event says so.
 */
final class DeletionEffects {

    private final NodeJoinEffects keys;
    private final DeviceEffects devices;
    private final EventRecorder events;
    private final DeletionPatience patience;
    /** Nodes that nothing of ours holds any more. */
    private final PerResource<Boolean> released = new PerResource<>();

    DeletionEffects(NodeJoinEffects keys, DeviceEffects devices, EventRecorder events, DeletionPatience patience) {
        this.keys = keys;
        this.devices = devices;
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
     * Does what the plan says, until it has been done. Of the removal of the last finalizer the API server answers with the version
     * before it, so until the SDK hears that the node is gone it shows it as it was, and whatever wakes it would have all told again.
     *
     * @param plan asked for when something is left to be done
     * @return an update without a delay says that nothing is left
     */
    UpdateControl<TailnetNode> perform(TailnetNode node, Context<TailnetNode> context, Supplier<DeletionPlan> plan) {
        if (released.get(node).isPresent()) {
            return UpdateControl.noUpdate();
        }
        var decided = plan.get();
        var wait = Stream.of(keys.release(node, context, decided), releaseDevice(node, context, decided))
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
        if (wait.isEmpty()) {
            released.put(node, true);
        }
        return LookAgain.after(wait, UpdateControl.noUpdate());
    }

    void forget(TailnetNode node) {
        released.forget(node);
    }

    /** @return how long to wait before trying again; empty when the device keeps the node no longer */
    private Optional<Duration> releaseDevice(TailnetNode node, Context<TailnetNode> context, DeletionPlan plan) {
        if (!node.hasFinalizer(ApiGroup.DEVICE_FINALIZER)) {
            return Optional.empty();
        }
        var wait = switch (plan.device()) {
            case Part.Nothing _ -> Optional.<Duration>empty();
            case Part.Leave leave -> leave(node, leave.why());
            case Part.Wait pause -> patience.nextTry(node).or(() -> leave(node, pause.why()));
            case Part.Remove remove -> delete(node, plan.view(), remove.what());
        };
        if (wait.isEmpty()) {
            context.resourceOperations().removeFinalizer(ApiGroup.DEVICE_FINALIZER);
        }
        return wait;
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

    private Optional<Duration> delete(TailnetNode node, TailnetView view, String id) {
        try {
            devices.delete(NodeIndex.tailnetOf(node), view, id);
            events.normal(node, "DeviceDeleted", "removed device " + id + " from the tailnet");
            return Optional.empty();
        } catch (ControlPlaneException e) {
            return patience.nextTry(node, e).or(() -> leave(node, Failures.message(e)));
        }
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
