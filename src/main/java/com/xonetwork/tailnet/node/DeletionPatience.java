package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.config.JitteredRetry;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long the deletion of a TailnetNode is held up by what cannot be done outside: for a while, never for ever. */
record DeletionPatience(Clock clock, Duration patience) {

    /** @return how long to wait before trying again; empty when it was waited long enough */
    Optional<Duration> nextTry(TailnetNode node) {
        var deadline = Instant.parse(node.getMetadata().getDeletionTimestamp()).plus(patience);
        return clock.instant().isBefore(deadline) ? Optional.of(JitteredRetry.delay(1)) : Optional.empty();
    }

    /** Likewise, after a failure: an outage may end, and credentials be mended; what is asked for does not get better. */
    Optional<Duration> nextTry(TailnetNode node, ControlPlaneException failure) {
        var mayPass = failure.isTransient()
                || failure instanceof ControlPlaneException.Unauthorized
                || failure instanceof ControlPlaneException.Forbidden;
        return mayPass ? nextTry(node) : Optional.empty();
    }
}
