package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.snapshot.PerResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers failed writes, so that events cannot turn one refusal into a storm: the same value is tried again only after a
 * pause. JOSDK's own backoff does not do it, because a new event starts a reconciliation at once. Lost on a restart, which
 * costs one call for each.
 */
final class WriteMemory {

    private final Clock steady;
    private final Duration rejectedRetry;
    private final PerResource<Map<Attempt, Entry>> byNode = new PerResource<>();

    /** @param steady a clock that nobody sets */
    WriteMemory(Clock steady, Duration rejectedRetry) {
        this.steady = steady;
        this.rejectedRetry = rejectedRetry;
    }

    private record Entry(ControlPlaneException failure, int count, Instant nextTry, String circumstances) {}

    /**
     * Failures that are not to be tried again yet.
     *
     * @param circumstances what a refusal depends on besides the value: the policy in force and the credentials
     */
    Map<Attempt, ControlPlaneException> failures(String uid, @Nullable String circumstances) {
        var now = steady.instant();
        var failures = new HashMap<Attempt, ControlPlaneException>();
        byNode.get(uid).orElse(Map.of()).forEach((attempt, entry) -> {
            if (entry.nextTry().isAfter(now) && stillHolds(entry, circumstances)) {
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
                var count = before == null ? 1 : before.count() + 1;
                entries.put(
                        attempt,
                        new Entry(
                                failure, count, steady.instant().plus(pause(failure, count)), orEmpty(circumstances)));
            });
            return entries.isEmpty() ? null : entries;
        });
    }

    private Duration pause(ControlPlaneException failure, int count) {
        return switch (failure) {
            case ControlPlaneException.RateLimited limited -> limited.retryAfter();
            case ControlPlaneException.Unavailable e -> JitteredRetry.delay(count);
            case ControlPlaneException.TooLarge e -> JitteredRetry.delay(count);
            case ControlPlaneException.ConnectionEnded e -> JitteredRetry.delay(1);
            case ControlPlaneException.Conflict e -> JitteredRetry.delay(count);
            // A device that vanished between the list and the write: the next poll tells.
            case ControlPlaneException.NotFound e -> JitteredRetry.delay(count);
            case ControlPlaneException.Unauthorized e -> JitteredRetry.delay(count + 3);
            case ControlPlaneException.Forbidden e -> rejectedRetry;
            case ControlPlaneException.Rejected e -> rejectedRetry;
            case ControlPlaneException.NotSupported e -> rejectedRetry;
        };
    }

    /** When the next paused write is due. */
    Optional<Duration> nextTry(String uid) {
        // Each by itself: one that is overdue (its value is not wanted any more) must not hide those to come.
        return byNode.get(uid).orElse(Map.of()).values().stream()
                .map(entry -> Duration.between(steady.instant(), entry.nextTry()))
                .filter(Duration::isPositive)
                .min(Comparator.naturalOrder());
    }

    void forget(String uid) {
        byNode.forget(uid);
    }

    private static String orEmpty(@Nullable String circumstances) {
        return circumstances == null ? "" : circumstances;
    }
}
