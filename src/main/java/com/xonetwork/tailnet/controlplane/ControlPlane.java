package com.xonetwork.tailnet.controlplane;

import java.util.Optional;
import java.util.Set;

/**
 * One tailnet as its control plane shows it: a connection, and a {@link Port} for each area that the service has. All methods that
 * make a call throw {@link ControlPlaneException}. Implementations are safe for use by several threads.
 */
public interface ControlPlane extends AutoCloseable {

    /** What this control plane can do, as far as it was detected. Asked often: makes no call. */
    Set<Capability> capabilities();

    /**
     * Looks what the control plane can do, and with it whether it can be reached and takes our credentials. Makes a few
     * harmless reads; called once after connecting, and again after credentials changed.
     */
    Set<Capability> detectCapabilities();

    /** How far this machine's clock and the control plane's are apart; empty while no answer has told. Makes no call. */
    default Optional<ClockSkew> clockSkew() {
        return Optional.empty();
    }

    /** The port of that area, as far as was detected; empty when the control plane does not have it. Makes no call. */
    <P extends Port> Optional<P> port(Class<P> port);

    /**
     * The port of that area. Makes no call.
     *
     * @throws ControlPlaneException.NotSupported when the control plane does not have it
     */
    default <P extends Port> P require(Class<P> port) {
        return port(port)
                .orElseThrow(() -> Capability.ofArea(port)
                        .<RuntimeException>map(ControlPlaneException.NotSupported::new)
                        .orElseGet(() -> new IllegalStateException("every control plane has " + port.getSimpleName())));
    }

    /** The port that every control plane has. */
    default Devices devices() {
        return require(Devices.class);
    }

    /** Releases connections. Idempotent. */
    @Override
    void close();
}
