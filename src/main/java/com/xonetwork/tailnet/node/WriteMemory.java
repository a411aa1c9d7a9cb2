package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.snapshot.Backoff;
import com.xonetwork.tailnet.snapshot.PerResource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers the failed writes to each node's device: the same value is tried again only after a rest. */
final class WriteMemory {

    private final Backoff backoff;
    private final PerResource<Map<Attempt, Entry>> byNode = new PerResource<>();

    /** @param steady a clock that nobody sets */
    WriteMemory(Clock steady, Duration rejectedRetry) {
        this.backoff = new Backoff(steady, rejectedRetry);
    }

    private record Entry(ControlPlaneException failure, Backoff.Rest rest, String circumstances) {}

    /**
     * Writes that are not to be tried again yet.
     *
     * @param failures what became of each
     * @param left until the first of them may be tried again; empty when there is none
     */
    record Held(Map<Attempt, ControlPlaneException> failures, Optional<Duration> left) {
        Held {
            failures = Map.copyOf(failures);
        }
    }

    /** @param circumstances what a refusal depends on besides the value: the policy in force and the credentials */
    Held held(String uid, @Nullable String circumstances) {
        var failures = new HashMap<Attempt, ControlPlaneException>();
        var waits = new ArrayList<Duration>();
        byNode.get(uid)
                .orElse(Map.of())
                .forEach((attempt, entry) -> backoff.left(entry.rest())
                        .filter(left -> stillHolds(entry, circumstances))
                        .ifPresent(left -> {
                            failures.put(attempt, entry.failure());
                            waits.add(left);
                        }));
        return new Held(failures, waits.stream().min(Comparator.naturalOrder()));
    }

    /** A refusal under another policy, or of other credentials, says nothing about the present ones. */
    private static boolean stillHolds(Entry entry, @Nullable String circumstances) {
        return entry.failure().isTransient() || entry.circumstances().equals(orEmpty(circumstances));
    }

    /** What a round of writes came to: done ones are forgotten, failed ones pause. */
    void remember(String uid, @Nullable String circumstances, DeviceEffects.Outcome outcome) {
        byNode.change(uid, old -> {
            var entries = new HashMap<>(old == null ? Map.<Attempt, Entry>of() : old);
            outcome.done().forEach(action -> entries.remove(Attempt.of(action)));
            outcome.failures().forEach((attempt, failure) -> {
                var before = entries.get(attempt);
                var rest = backoff.after(before == null ? null : before.rest(), failure);
                entries.put(attempt, new Entry(failure, rest, orEmpty(circumstances)));
            });
            return entries.isEmpty() ? null : entries;
        });
    }

    void forget(String uid) {
        byNode.forget(uid);
    }

    private static String orEmpty(@Nullable String circumstances) {
        return circumstances == null ? "" : circumstances;
    }
}
