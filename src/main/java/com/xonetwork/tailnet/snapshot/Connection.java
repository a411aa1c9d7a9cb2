package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.CallGate;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import java.util.Optional;

/**
 * One connection of a Tailnet to its control plane. A {@link TailnetView} carries the connection that it was made on, and what
 * is decided on the view is done on that connection: device 3 of one control plane is not device 3 of another.
 */
public final class Connection {

    private final ControlPlaneSettings settings;
    private final ControlPlane held;
    private final ControlPlane controlPlane;
    private final CallGate gate;
    private volatile boolean ended;

    /** @param gate that calls of reconcilers pass; the poller has a thread of its own */
    Connection(ControlPlaneSettings settings, ControlPlane held, CallGate gate) {
        this.settings = settings;
        this.held = held;
        this.gate = gate;
        this.controlPlane = new ConnectedControlPlane(held, gate, () -> ended);
    }

    /** What the Tailnet's spec and Secrets said when the connection was made. */
    public ControlPlaneSettings settings() {
        return settings;
    }

    /**
     * The control plane behind this connection. After the end of the connection each call is refused with
     * {@link com.xonetwork.tailnet.controlplane.ControlPlaneException.ConnectionEnded}.
     */
    public ControlPlane controlPlane() {
        return controlPlane;
    }

    /** Whether the Tailnet has another connection by now, or none. */
    public boolean isEnded() {
        return ended;
    }

    /** How far this machine's clock and the control plane's are apart; empty while no answer has told. */
    public Optional<ClockSkew> clockSkew() {
        return held.clockSkew();
    }

    /** For the poller, which ends the connection itself. */
    ControlPlane held() {
        return held;
    }

    /** The control plane has answered the poller. */
    void answered() {
        gate.answered();
    }

    void end() {
        ended = true;
        held.close();
    }
}
