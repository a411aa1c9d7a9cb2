package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.bootstrap.CloudInit;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about the files for a machine's first boot: while it has not joined by itself, they are there.
 *
 * @param keep the files; empty when none are written
 * @param key what there is to say of the join key without them
 */
@Pure
record FilesPlan(Optional<CloudInit> keep, JoinSaid key) {

    /** What came of it. */
    sealed interface Outcome {
        /** No files were to be written. */
        record Nothing() implements Outcome {}

        /**
         * The files are there.
         *
         * @param secret that holds them
         * @param tokenExpires when their token ends, if it was not used; null for one that was
         */
        record Kept(String secret, @Nullable Instant tokenExpires, Optional<Duration> lookAgain) implements Outcome {}

        record Failed(Fact fact, Optional<Duration> lookAgain) implements Outcome {}
    }

    /** @param devices how the node's device is, after the changes to it were made */
    static FilesPlan of(NodeInput input, DevicePlan devices, JoinSaid key) {
        var node = input.node();
        var spec = node.getSpec().cloudInit();
        var preferences = devices.preferences();
        var tailnet = input.tailnet();
        if (spec == null || key.status() == null || preferences == null || tailnet == null) {
            return new FilesPlan(Optional.empty(), key);
        }
        var refusal = input.place().refusal();
        if (refusal.isPresent()) {
            var fact = Fact.no(ConditionType.JOIN_KEY_READY, Reason.BOOTSTRAP_URL_MISSING, refusal.get());
            return new FilesPlan(Optional.empty(), key.instead(fact, key.status(), Optional.empty()));
        }
        var trusted = Stream.concat(
                        devices.view().settings().map(ControlPlaneSettings::caCertificates).stream(),
                        input.place().trusted().stream())
                .distinct()
                .toList();
        return new FilesPlan(
                Optional.of(new CloudInit(
                        node.getMetadata().getNamespace(),
                        node.getMetadata().getName(),
                        spec,
                        preferences,
                        JoinPlanner.loginServerOf(tailnet.getSpec()).orElse(null),
                        input.place().url(),
                        trusted)),
                key);
    }

    /** What there is to say of the join key then. */
    JoinSaid said(Outcome outcome) {
        var status = key.status();
        if (status == null) {
            return key;
        }
        return switch (outcome) {
            case Outcome.Nothing e -> key;
            case Outcome.Failed failed -> key.instead(failed.fact(), status, failed.lookAgain());
            case Outcome.Kept kept -> {
                var now = status.withCloudInit(kept.secret(), kept.tokenExpires());
                yield key.instead(JoinPlanner.issued(now), now, kept.lookAgain());
            }
        };
    }
}
