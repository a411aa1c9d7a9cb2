package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.Devices;
import com.xonetwork.tailnet.node.DeviceAction.PutAside;
import com.xonetwork.tailnet.node.DeviceAction.SetApproval;
import com.xonetwork.tailnet.node.DeviceAction.SetKeyExpiry;
import com.xonetwork.tailnet.node.DeviceAction.SetName;
import com.xonetwork.tailnet.node.DeviceAction.SetRoutes;
import com.xonetwork.tailnet.node.DeviceAction.SetTags;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.route.Network;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Makes the changes that a plan asks for, and lets the snapshot know of them. */
final class DeviceEffects {

    private final SnapshotStore snapshots;

    DeviceEffects(SnapshotStore snapshots) {
        this.snapshots = snapshots;
    }

    /**
     * What came of a list of actions: each is either done or has a failure.
     *
     * @param view the one that they were decided on, with what was written
     */
    record Outcome(List<DeviceAction> done, Map<Attempt, ControlPlaneException> failures, TailnetView view) {}

    /**
     * Performs every action on the connection of the view that it was decided on, also after one failed: a refused tag must not keep the name from being put right.
     */
    Outcome perform(TailnetKey tailnet, TailnetView view, List<DeviceAction> actions) {
        var done = new ArrayList<DeviceAction>();
        var failures = new HashMap<Attempt, ControlPlaneException>();
        var now = view;
        for (var action : actions) {
            try {
                var written = perform(view, action);
                snapshots.deviceWritten(tailnet, view.epoch(), action.deviceId(), written.change());
                now = now.withDevice(action.deviceId(), written.change());
                written.failure()
                        .ifPresentOrElse(failure -> failures.put(Attempt.of(action), failure), () -> done.add(action));
            } catch (ControlPlaneException e) {
                failures.put(Attempt.of(action), e);
            }
        }
        return new Outcome(done, failures, now);
    }

    /** @param failure of a write that was taken, but not as a whole */
    private record Written(UnaryOperator<Device> change, Optional<ControlPlaneException> failure) {
        static Written whole(UnaryOperator<Device> change) {
            return new Written(change, Optional.empty());
        }
    }

    private static Written perform(TailnetView view, DeviceAction action) {
        var devices = connected(view);
        var id = action.deviceId();
        return switch (action) {
            case SetName set -> {
                devices.setName(id, set.name());
                yield Written.whole(device -> device.withName(set.name()));
            }
            case PutAside put -> {
                devices.setName(id, put.name());
                yield Written.whole(device -> device.withName(put.name()));
            }
            case SetTags set -> {
                devices.setTags(id, set.tags());
                yield Written.whole(device -> device.withTags(set.tags()));
            }
            case SetApproval set -> {
                devices.setAuthorized(id, set.approved());
                yield Written.whole(device -> device.withAuthorized(set.approved()));
            }
            case SetKeyExpiry set -> {
                devices.setKeyExpiryDisabled(id, set.disabled());
                yield Written.whole(device -> device.withKeyExpiryDisabled(set.disabled()));
            }
            case SetRoutes set ->
                routesSet(set, devices.setEnabledRoutes(id, set.routes()).enabled());
        };
    }

    private static Written routesSet(SetRoutes set, SortedSet<String> enabled) {
        var lacking = new TreeSet<>(set.routes());
        lacking.removeAll(Network.canonical(enabled));
        return new Written(
                device -> device.withEnabledRoutes(enabled),
                // Else the same list would be sent at every look, for ever.
                lacking.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ControlPlaneException.Rejected(
                                200, "the control plane took the list of routes but left out " + lacking)));
    }

    /** Removes the device; one that is gone already is a success. */
    void delete(TailnetKey tailnet, TailnetView view, String deviceId) {
        connected(view).delete(deviceId);
        snapshots.deviceDeleted(tailnet, view.epoch(), deviceId);
    }

    private static Devices connected(TailnetView view) {
        return view.controlPlane()
                .orElseThrow(ControlPlaneException.ConnectionEnded::new)
                .devices();
    }
}
