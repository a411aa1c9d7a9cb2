package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.status.ConditionType.GARBAGE_COLLECTION;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Removes devices that nobody owns, one after the other. */
@Singleton
final class GarbageEffects {

    private final SnapshotStore snapshots;
    private final GarbageBudget budget;
    private final EventRecorder events;

    GarbageEffects(SnapshotStore snapshots, GarbageBudget budget, EventRecorder events) {
        this.snapshots = snapshots;
        this.budget = budget;
        this.events = events;
    }

    /**
     * Removes what the plan says and may still go, and says how it stands.
     *
     * @param now what is known by then, asked right before each removal: a machine may have come back
     * @param note writes what has been removed to the Tailnet, before a removal
     */
    Fact perform(Tailnet tailnet, GarbagePlan plan, Supplier<GarbageInput> now, Consumer<String> note) {
        var done = new HashSet<String>();
        for (var device : plan.remove()) {
            var fresh = now.get();
            if (fresh.view().controlPlane().isEmpty()) {
                break;
            }
            if (GarbagePlanner.stillMayGo(fresh, device)) {
                try {
                    remove(tailnet, fresh.view(), device, note);
                } catch (ControlPlaneException e) {
                    return Fact.no(GARBAGE_COLLECTION, Failures.reason(e), Failures.message(e));
                }
            }
            done.add(device.id());
        }
        return plan.after().apply(done);
    }

    private void remove(Tailnet tailnet, TailnetView view, Device device, Consumer<String> note) {
        var devices = view.controlPlane()
                .orElseThrow(ControlPlaneException.ConnectionEnded::new)
                .devices();
        budget.use(tailnet, device).ifPresent(note);
        devices.delete(device.id());
        budget.removed(tailnet, device);
        snapshots.deviceDeleted(TailnetKey.of(tailnet), view.epoch(), device.id());
        events.normal(
                tailnet,
                "DeviceCollected",
                "The operator removed device " + device.name() + " (" + device.id()
                        + "). It had no TailnetNode and the tags " + String.join(", ", device.tags()) + ". Last seen: "
                        + device.lastSeen() + ".");
    }
}
