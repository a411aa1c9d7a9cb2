package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.config.JitteredRetry;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How long the deletion of a TailnetNode is held up by what cannot be done outside: for a while, never for ever. Time in which
 * no operator ran does not count: nothing was tried in it.
 */
final class DeletionPatience {
    private final Clock clock;
    private final Duration patience;
    /** When this operator asked for the first time. */
    private final AtomicReference<@Nullable Instant> began = new AtomicReference<>();

    DeletionPatience(Clock clock, Duration patience) {
        this.clock = clock;
        this.patience = patience;
    }

    /** @return how long to wait before trying again; empty when it was waited long enough */
    Optional<Duration> nextTry(TailnetNode node) {
        var now = clock.instant();
        var first = began.updateAndGet(known -> known == null ? now : known);
        var asked = Instant.parse(node.getMetadata().getDeletionTimestamp());
        var deadline = (asked.isBefore(first) ? first : asked).plus(patience);
        return now.isBefore(deadline) ? Optional.of(JitteredRetry.delay(1)) : Optional.empty();
    }

    /** Likewise, after a failure: an outage may end, and credentials be mended; what is asked for does not get better. */
    Optional<Duration> nextTry(TailnetNode node, ControlPlaneException failure) {
        var mayPass = failure.isTransient()
                || failure instanceof ControlPlaneException.Unauthorized
                || failure instanceof ControlPlaneException.Forbidden;
        return mayPass ? nextTry(node) : Optional.empty();
    }
}
