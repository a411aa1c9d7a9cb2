package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.tailnet.GarbagePlanner.GARBAGE_COLLECTION;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Removes devices that nobody owns, one after the other, each on a plan of its own.
 *
 * <p>The budget holds across restarts: the time of each removal is written to an annotation of the Tailnet
 * ({@link ApiGroup#COLLECTED_ANNOTATION}) before the device goes. A removal that failed, or that the operator was stopped
 * before, has used its part of the budget all the same.
 */
final class GarbageEffects {

    private final SnapshotStore snapshots;
    private final SnapshotPoller poller;
    private final EventRecorder events;
    private final Clock clock;
    /** Of this process; before it knows better than the cache, which may be behind, it reads the annotation once. */
    private final Map<TailnetKey, List<Instant>> deletions = new ConcurrentHashMap<>();

    GarbageEffects(SnapshotStore snapshots, SnapshotPoller poller, EventRecorder events, Clock clock) {
        this.snapshots = snapshots;
        this.poller = poller;
        this.events = events;
        this.clock = clock;
    }

    /** What there is around the devices. */
    interface Surroundings {
        Tailnet tailnet();

        /** Whether a TailnetNode could stand for the device, or is about to. */
        boolean isWanted(Device device, TailnetView view);

        /** Writes the annotation, before anything is removed. */
        void noteCollections(String times);
    }

    /** Removes what may be removed now, and says how it stands. */
    Fact collect(Surroundings around) {
        var key = TailnetKey.of(around.tailnet());
        var plan = GarbagePlanner.plan(input(key, around));
        var controlPlane = poller.controlPlane(key);
        while (!plan.remove().isEmpty() && controlPlane.isPresent()) {
            try {
                remove(key, around, controlPlane.get(), plan.remove().getFirst());
            } catch (ControlPlaneException e) {
                return Fact.no(GARBAGE_COLLECTION, Failures.reason(e), Failures.message(e));
            }
            // The next on what is known by then: a machine may have come back.
            plan = GarbagePlanner.plan(input(key, around));
        }
        return plan.fact();
    }

    private GarbagePlanner.Input input(TailnetKey key, Surroundings around) {
        var view = snapshots.view(key);
        return new GarbagePlanner.Input(
                around.tailnet().getSpec().garbageCollection(),
                view,
                device -> around.isWanted(device, view),
                List.copyOf(recent(key, around.tailnet())),
                clock.instant());
    }

    private List<Instant> recent(TailnetKey key, Tailnet tailnet) {
        return deletions.compute(key, (unused, known) -> {
            var times = known == null ? noted(tailnet) : known;
            times.removeIf(at -> at.plus(GarbagePlanner.BUDGET_TIME).isBefore(clock.instant()));
            return times;
        });
    }

    private List<Instant> noted(Tailnet tailnet) {
        var annotations = tailnet.getMetadata().getAnnotations();
        var text = annotations == null ? null : annotations.get(ApiGroup.COLLECTED_ANNOTATION);
        var times = new ArrayList<Instant>();
        for (var time : text == null || text.isBlank() ? new String[0] : text.split(",")) {
            try {
                times.add(Instant.parse(time.strip()));
            } catch (DateTimeParseException e) {
                // Somebody wrote it: nothing is known of when, so it was just now.
                times.add(clock.instant());
            }
        }
        return times;
    }

    private void remove(TailnetKey key, Surroundings around, ControlPlane controlPlane, Device device) {
        var times = recent(key, around.tailnet());
        times.add(clock.instant());
        around.noteCollections(times.stream().map(Instant::toString).collect(Collectors.joining(",")));
        controlPlane.deleteDevice(device.id());
        snapshots.deviceDeleted(key, device.id());
        events.normal(
                around.tailnet(),
                "DeviceCollected",
                "removed device " + device.name() + " (" + device.id() + "), which has no TailnetNode and the tags "
                        + device.tags() + ": last seen " + device.lastSeen());
    }
}
