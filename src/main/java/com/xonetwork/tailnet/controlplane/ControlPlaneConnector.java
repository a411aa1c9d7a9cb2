package com.xonetwork.tailnet.controlplane;

/** Makes {@link ControlPlane}s. */
public interface ControlPlaneConnector {

    /**
     * Prepares a connection; makes no call yet.
     *
     * @throws ControlPlaneException.Rejected for a URL that the rules forbid (plain HTTP, user info) or a CA bundle that does
     *     not parse
     */
    ControlPlane connect(ControlPlaneSettings settings);
}
