package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.snapshot.PerResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long the deletion of a TailnetNode is held up by what cannot be done outside: for a while, never for ever. It counts from the
 * first attempt of this process: in time in which no operator ran nothing was tried. Of thousands that are deleted at once each has its
 * own time, and a turn that the operator itself made it wait for is not the control plane's fault.
 */
final class DeletionPatience {

    /** Longer than the call budget needs for as many devices as the operator takes. */
    static final Duration LONGEST_HELD_BACK = Duration.ofHours(1);

    private final Clock steady;
    private final Duration patience;
    private final PerResource<Instant> failedSince = new PerResource<>();
    private final PerResource<Instant> heldBackSince = new PerResource<>();

    /** @param steady a clock that nobody sets */
    DeletionPatience(Clock steady, Duration patience) {
        this.steady = steady;
        this.patience = patience;
    }

    /** @return how long to wait before trying again; empty when it was waited long enough */
    Optional<Duration> nextTry(TailnetNode node) {
        return within(patience, failedSince, node, JitteredRetry.delay(1));
    }

    /** Likewise, after a failure. Outages and bad credentials may be fixed, so these are retried. A request that the service rejects never succeeds. */
    Optional<Duration> nextTry(TailnetNode node, ControlPlaneException failure) {
        if (failure instanceof ControlPlaneException.RateLimited limited && limited.isHeldBack()) {
            return within(LONGEST_HELD_BACK, heldBackSince, node, limited.retryAfter());
        }
        var mayPass = failure.isTransient()
                || failure instanceof ControlPlaneException.Unauthorized
                || failure instanceof ControlPlaneException.Forbidden;
        return mayPass ? nextTry(node) : Optional.empty();
    }

    private Optional<Duration> within(Duration most, PerResource<Instant> since, TailnetNode node, Duration wait) {
        var now = steady.instant();
        var first = since.get(node).orElse(now);
        since.put(node, first);
        return now.isBefore(first.plus(most)) ? Optional.of(wait) : Optional.empty();
    }

    void forget(TailnetNode node) {
        failedSince.forget(node);
        heldBackSince.forget(node);
    }
}
