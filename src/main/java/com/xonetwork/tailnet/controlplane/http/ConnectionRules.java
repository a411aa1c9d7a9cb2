package com.xonetwork.tailnet.controlplane.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every connection to a control plane keeps to, whatever its settings say. Set by the operator's administrator, not
 * by the author of a resource: who may write a {@code Tailnet} must not be able to switch encryption off with it.
 *
 * @param connectTimeout for TCP and, again, for the TLS handshake
 * @param callTimeout for one HTTP exchange, from the name lookup to the last byte of the body
 * @param maxBodyBytes largest answer; a bigger one is broken off while it arrives
 * @param maxAttempts how often a repeatable operation is tried in all, at least 1
 * @param maxWait longest that a caller is held for the call budget or a {@code Retry-After}; what would take longer ends
 *     at once in {@link com.xonetwork.tailnet.controlplane.ControlPlaneException.RateLimited}
 * @param plainHttpHosts host names to which {@code http://} is allowed, lower case
 * @param proxy through which all else is reached; null where the network leads there
 */
public record ConnectionRules(
        Duration connectTimeout,
        Duration callTimeout,
        int maxBodyBytes,
        int maxAttempts,
        Duration maxWait,
        Set<String> plainHttpHosts,
        @Nullable ForwardProxy proxy) {

    public ConnectionRules {
        if (!isPositive(connectTimeout) || !isPositive(callTimeout) || maxBodyBytes < 1 || maxAttempts < 1) {
            throw new IllegalArgumentException(
                    "timeouts, body limit and number of attempts of the connection rules must be positive");
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative");
        }
        plainHttpHosts = plainHttpHosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Without a proxy. */
    public ConnectionRules(
            Duration connectTimeout,
            Duration callTimeout,
            int maxBodyBytes,
            int maxAttempts,
            Duration maxWait,
            Set<String> plainHttpHosts) {
        this(connectTimeout, callTimeout, maxBodyBytes, maxAttempts, maxWait, plainHttpHosts, null);
    }

    /** The same rules with a proxy. */
    public ConnectionRules through(@Nullable ForwardProxy by) {
        return new ConnectionRules(connectTimeout, callTimeout, maxBodyBytes, maxAttempts, maxWait, plainHttpHosts, by);
    }

    /** Null where the host is reached directly. */
    @Nullable
    ForwardProxy proxyFor(Endpoint endpoint) {
        return proxy != null && proxy.isFor(endpoint) ? proxy : null;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /** 5 s to connect, 30 s a call, 16 MiB, 3 attempts, 5 s of waiting, no plain HTTP. */
    public static ConnectionRules defaults() {
        return new ConnectionRules(
                Duration.ofSeconds(5), Duration.ofSeconds(30), 16 * 1024 * 1024, 3, Duration.ofSeconds(5), Set.of());
    }

    /** The same rules with other hosts for plain HTTP. */
    public ConnectionRules withPlainHttpHosts(Set<String> hosts) {
        return new ConnectionRules(connectTimeout, callTimeout, maxBodyBytes, maxAttempts, maxWait, hosts, proxy);
    }
}
