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

    /**
     * As above, with a share of what all connections have together.
     *
     * @param namespace of the Tailnet
     * @param memory counts each answer from its first byte until it is handed over
     */
    default ControlPlane connect(ControlPlaneSettings settings, String namespace, MemoryBudget memory) {
        return connect(settings);
    }
}
