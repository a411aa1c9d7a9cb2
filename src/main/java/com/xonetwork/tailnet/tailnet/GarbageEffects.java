package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.status.ConditionType.GARBAGE_COLLECTION;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.PerTailnet;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Removes devices that nobody owns, one after the other, each on a plan of its own.
 *
 * <p>The budget holds across restarts: the time and the device of each removal are written to an annotation of the Tailnet
 * ({@link ApiGroup#COLLECTED_ANNOTATION}) before the device goes. A removal that failed, or that the operator was stopped
 * before, has used its part of the budget all the same; one that it was stopped before is not noted a second time.
 */
final class GarbageEffects {

    private final SnapshotStore snapshots;
    private final EventRecorder events;
    private final Clock clock;
    /** Of this process; before it knows better than the cache, which may be behind, it reads the annotation once. */
    private final PerTailnet<List<Note>> deletions;
    /** What this process itself has tried to remove: a second try is a removal of its own. */
    private final PerTailnet<Set<String>> tried;

    /** @param device id; empty where the annotation does not say */
    private record Note(Instant at, String device) {
        static Note parse(String text, Instant now) {
            var parts = text.strip().split(" ", 2);
            var device = parts.length == 2 ? parts[1] : "";
            try {
                return new Note(Instant.parse(parts[0]), device);
            } catch (DateTimeParseException e) {
                // Somebody wrote it: nothing is known of when, so it was just now.
                return new Note(now, device);
            }
        }

        @Override
        public String toString() {
            return device.isEmpty() ? at.toString() : at + " " + device;
        }
    }

    GarbageEffects(SnapshotStore snapshots, EventRecorder events, Clock clock) {
        this.snapshots = snapshots;
        this.events = events;
        this.clock = clock;
        // The budget is the Tailnet's, whatever it is connected to.
        this.deletions = new PerTailnet<>(PerTailnet.About.RESOURCE, snapshots);
        // A device's id is its control plane's own: another's can have the same.
        this.tried = new PerTailnet<>(PerTailnet.About.TAILNET, snapshots);
    }

    /** What there is around the devices. */
    interface Surroundings {
        Tailnet tailnet();

        /** Whether a TailnetNode could stand for a device of the view, or is about to. */
        Predicate<Device> wanted(TailnetView view);

        /** Writes the annotation, before anything is removed. */
        void noteCollections(String times);
    }

    /** Removes what may be removed now, and says how it stands. */
    Fact collect(Surroundings around) {
        var key = TailnetKey.of(around.tailnet());
        var input = input(key, around);
        var plan = GarbagePlanner.plan(input);
        while (!plan.remove().isEmpty() && input.view().controlPlane().isPresent()) {
            try {
                remove(key, around, input.view(), plan.remove().getFirst());
            } catch (ControlPlaneException e) {
                return Fact.no(GARBAGE_COLLECTION, Failures.reason(e), Failures.message(e));
            }
            // The next on what is known by then: a machine may have come back.
            input = input(key, around);
            plan = GarbagePlanner.plan(input);
        }
        return plan.fact();
    }

    private GarbagePlanner.Input input(TailnetKey key, Surroundings around) {
        var view = snapshots.view(key);
        return new GarbagePlanner.Input(
                around.tailnet().getSpec().garbageCollection(),
                view,
                around.wanted(view),
                recent(key, around.tailnet()).stream().map(Note::at).toList(),
                clock.instant());
    }

    private List<Note> recent(TailnetKey key, Tailnet tailnet) {
        var recent = deletions.change(key, known -> {
            var times = new ArrayList<>(known == null ? noted(tailnet) : known);
            times.removeIf(note -> note.at().plus(GarbagePlanner.BUDGET_TIME).isBefore(clock.instant()));
            return times;
        });
        return recent == null ? List.of() : recent;
    }

    private List<Note> noted(Tailnet tailnet) {
        var annotations = tailnet.getMetadata().getAnnotations();
        var text = annotations == null ? null : annotations.get(ApiGroup.COLLECTED_ANNOTATION);
        var times = new ArrayList<Note>();
        for (var time : text == null || text.isBlank() ? new String[0] : text.split(",")) {
            times.add(Note.parse(time, clock.instant()));
        }
        return times;
    }

    private void remove(TailnetKey key, Surroundings around, TailnetView view, Device device) {
        var devices = view.controlPlane()
                .orElseThrow(ControlPlaneException.ConnectionEnded::new)
                .devices();
        var times = new ArrayList<>(recent(key, around.tailnet()));
        var noted = times.stream().anyMatch(note -> note.device().equals(device.id()));
        var mine = tried.getOrMake(key, ConcurrentHashMap::newKeySet);
        if (!mine.add(device.id()) || !noted) {
            times.add(new Note(clock.instant(), device.id()));
            deletions.put(key, List.copyOf(times));
            around.noteCollections(times.stream().map(Note::toString).collect(Collectors.joining(",")));
        }
        devices.delete(device.id());
        mine.remove(device.id());
        snapshots.deviceDeleted(key, view.epoch(), device.id());
        events.normal(
                around.tailnet(),
                "DeviceCollected",
                "The operator removed device " + device.name() + " (" + device.id()
                        + "). It had no TailnetNode and the tags " + String.join(", ", device.tags()) + ". Last seen: "
                        + device.lastSeen() + ".");
    }
}
