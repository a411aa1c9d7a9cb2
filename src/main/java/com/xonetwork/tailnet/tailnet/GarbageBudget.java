package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.PerTailnet;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * How many devices each Tailnet has had removed within the last hour. The budget holds across restarts: the time and the device of each
 * removal are written to an annotation of the Tailnet ({@link ApiGroup#COLLECTED_ANNOTATION}) before the device goes. A removal that
 * failed, or that the operator was stopped before, has used its part of the budget all the same; one that it was stopped before is not
 * noted a second time.
 */
@Singleton
final class GarbageBudget {

    private final Clock clock;
    /** Of this process; before it knows better than the cache, which may be behind, it reads the annotation once. */
    private final PerTailnet<List<Note>> removals;
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

    GarbageBudget(SnapshotStore snapshots, Clock clock) {
        this.clock = clock;
        // The budget is the Tailnet's, whatever it is connected to.
        this.removals = new PerTailnet<>(PerTailnet.About.RESOURCE, snapshots);
        // A device's id is its control plane's own: another's can have the same.
        this.tried = new PerTailnet<>(PerTailnet.About.TAILNET, snapshots);
    }

    /** When devices were removed within the time of the budget. */
    List<Instant> used(Tailnet tailnet) {
        return recent(tailnet).stream().map(Note::at).toList();
    }

    /**
     * Counts a removal that is about to be made.
     *
     * @return the annotation that must be written before; empty when it says so already
     */
    Optional<String> use(Tailnet tailnet, Device device) {
        var key = TailnetKey.of(tailnet);
        var notes = new ArrayList<>(recent(tailnet));
        var noted = notes.stream().anyMatch(note -> note.device().equals(device.id()));
        if (mine(key).add(device.id()) && noted) {
            return Optional.empty();
        }
        notes.add(new Note(clock.instant(), device.id()));
        removals.put(key, List.copyOf(notes));
        return Optional.of(notes.stream().map(Note::toString).collect(Collectors.joining(",")));
    }

    /** The device is gone: one of the same id that comes later is another. */
    void removed(Tailnet tailnet, Device device) {
        mine(TailnetKey.of(tailnet)).remove(device.id());
    }

    private Set<String> mine(TailnetKey key) {
        return tried.getOrMake(key, ConcurrentHashMap::newKeySet);
    }

    private List<Note> recent(Tailnet tailnet) {
        var recent = removals.change(TailnetKey.of(tailnet), known -> {
            var notes = new ArrayList<>(known == null ? annotated(tailnet) : known);
            notes.removeIf(note -> note.at().plus(GarbagePlanner.BUDGET_TIME).isBefore(clock.instant()));
            return notes;
        });
        return recent == null ? List.of() : recent;
    }

    private List<Note> annotated(Tailnet tailnet) {
        var annotations = tailnet.getMetadata().getAnnotations();
        var text = annotations == null ? null : annotations.get(ApiGroup.COLLECTED_ANNOTATION);
        var notes = new ArrayList<Note>();
        for (var note : text == null || text.isBlank() ? new String[0] : text.split(",")) {
            notes.add(Note.parse(note, clock.instant()));
        }
        return notes;
    }
}
