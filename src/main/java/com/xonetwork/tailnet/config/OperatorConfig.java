package com.xonetwork.tailnet.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Everything that can be set about the operator itself, in one place. Properties {@code tailnet-operator.*}. */
@ConfigMapping(prefix = "tailnet-operator")
public interface OperatorConfig {

    ControlPlane controlPlane();

    Snapshot snapshot();

    Webhooks webhooks();

    /** After the control plane rejected a value, how long until the same value is tried again. */
    @WithDefault("10M")
    Duration rejectedRetry();

    /** How long the deletion of a device is retried before its TailnetNode is let go without it. */
    @WithDefault("25S")
    Duration deletionPatience();

    /** Rules for every connection to a control plane. */
    interface ControlPlane {
        @WithDefault("5S")
        Duration connectTimeout();

        /** For a whole call, from the first byte sent to the last received. */
        @WithDefault("30S")
        Duration callTimeout();

        @WithDefault("16777216")
        int maxBodyBytes();

        /** Tries of one idempotent call. */
        @WithDefault("3")
        int maxAttempts();

        /** Host names to which plain http is allowed, for tests and closed networks. Credentials travel in the clear. */
        Optional<Set<String>> plainHttpHosts();
    }

    /** The receiver of webhooks; it listens only while a Tailnet names a webhook's secret. */
    interface Webhooks {
        @WithDefault("0.0.0.0")
        String host();

        /** A port of its own, so that only this one needs to be reached from outside. */
        @WithDefault("8081")
        int port();

        /** Between two polls of one tailnet that deliveries cause. */
        @WithDefault("5S")
        Duration pollSpacing();
    }

    /** How long a device list is believed. */
    interface Snapshot {
        /** A list older than this many poll intervals (and one call timeout) is stale. */
        @WithDefault("3")
        int staleAfterPolls();

        /** A list that lost most devices at once is believed after repeating so often. */
        @WithDefault("10")
        int suspectPolls();
    }
}
