package com.xonetwork.tailnet.controlplane;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that not every control plane can do. Features ask for the capability, never for the provider's name; a
 * missing one ends in the condition {@code Stalled / NotSupportedByControlPlane}.
 *
 * <p>That a whole area is there follows from the {@link Port} that an adapter offers. What a port can do besides is found by the
 * adapter's detection, and counts only together with the port.
 */
public enum Capability {
    DEVICE_TAGS(Devices.class),
    DEVICE_NAME(Devices.class),
    /** Devices can wait for approval. Headscale has no such state: a registered node is approved. */
    DEVICE_APPROVAL(Devices.class),
    KEY_EXPIRY_DISABLE(Devices.class),
    /** Switching expiry back on after it was off. Headscale 0.29 would need a date for it. */
    KEY_EXPIRY_ENABLE(Devices.class),
    /**
     * A device with tags whose key has expired is as new after it logged in again. Headscale 0.29.1 takes the login, leaves the
     * device expired, and then refuses it ("authkey already used"): hscontrol/state/state.go, HandleNodeFromPreAuthKey.
     */
    LOGIN_RENEWS_TAGGED_DEVICES(Devices.class),
    ROUTES(Devices.class),
    /** The port {@link JoinKeys}. */
    JOIN_KEYS(JoinKeys.class, true),
    /** The port {@link PolicyFile}. */
    POLICY(PolicyFile.class, true),
    /** A policy can be checked without storing it. */
    POLICY_VALIDATE(PolicyFile.class),
    /**
     * The policy and its tags follow Tailscale's own rules. Without it they follow Headscale's, which are looser for tags and
     * different for destinations.
     */
    TAILSCALE_POLICY_SYNTAX(PolicyFile.class),
    /** The service itself compares the policy's ETag before it writes; without it we compare and there is a small gap. */
    POLICY_ATOMIC_WRITE(PolicyFile.class),
    /**
     * The service has this area. There is no port for it yet: {@code Tailnet.status.capabilities} tells users, and the adapter's
     * detection sees by it whether one service answers, or a proxy in place of a part of it.
     */
    DNS,
    /** As {@link #DNS}. */
    WEBHOOKS,
    /** As {@link #DNS}. */
    SERVICES,
    /** The service has this area. There is no port for it yet: {@code Tailnet.status.capabilities} tells users. */
    LOG_STREAMING,
    /** The port {@link AuditLog}. */
    AUDIT_LOG(AuditLog.class, true);

    private final @Nullable Class<? extends Port> port;
    private final boolean isArea;

    /** An area without a port. */
    Capability() {
        this.port = null;
        this.isArea = false;
    }

    Capability(Class<? extends Port> port) {
        this(port, false);
    }

    /** @param isArea whether it says no more than that the port is offered */
    Capability(Class<? extends Port> port, boolean isArea) {
        this.port = port;
        this.isArea = isArea;
    }

    /** The port that it is about; empty where there is none yet. */
    public Optional<Class<? extends Port>> port() {
        return Optional.ofNullable(port);
    }

    /**
     * For an adapter, before a call that needs it.
     *
     * @param found what the service can do
     * @throws ControlPlaneException.NotSupported when this is not in it
     */
    public void requireIn(Set<Capability> found) {
        if (!found.contains(this)) {
            throw new ControlPlaneException.NotSupported(this);
        }
    }

    /** Whether it says no more than that its port is offered. */
    public boolean isArea() {
        return isArea;
    }

    /** The one that says that the port is offered; empty for {@link Devices}, which every control plane has. */
    public static Optional<Capability> ofArea(Class<? extends Port> port) {
        return Arrays.stream(values())
                .filter(capability -> capability.isArea && port.equals(capability.port))
                .findFirst();
    }
}
