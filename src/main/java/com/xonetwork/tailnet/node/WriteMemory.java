package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.snapshot.Backoff;
import com.xonetwork.tailnet.snapshot.PerResource;
import java.time.Clock;
import java.time.Duration;
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
     * Failures that are not to be tried again yet.
     *
     * @param circumstances what a refusal depends on besides the value: the policy in force and the credentials
     */
    Map<Attempt, ControlPlaneException> failures(String uid, @Nullable String circumstances) {
        var failures = new HashMap<Attempt, ControlPlaneException>();
        byNode.get(uid).orElse(Map.of()).forEach((attempt, entry) -> {
            if (backoff.isResting(entry.rest()) && stillHolds(entry, circumstances)) {
                failures.put(attempt, entry.failure());
            }
        });
        return failures;
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

    /** When the next paused write is due. */
    Optional<Duration> nextTry(String uid) {
        // Each by itself: one that is overdue (its value is not wanted any more) must not hide those to come.
        return byNode.get(uid).orElse(Map.of()).values().stream()
                .flatMap(entry -> backoff.left(entry.rest()).stream())
                .min(Comparator.naturalOrder());
    }

    void forget(String uid) {
        byNode.forget(uid);
    }

    private static String orEmpty(@Nullable String circumstances) {
        return circumstances == null ? "" : circumstances;
    }
}
