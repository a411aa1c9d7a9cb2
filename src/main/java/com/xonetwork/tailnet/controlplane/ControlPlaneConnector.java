package com.xonetwork.tailnet.controlplane;

import java.util.function.Supplier;

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
     * As above; what arrives is counted.
     *
     * @param memory a new share of the budget for each answer, which is given back when the answer was handed over
     */
    default ControlPlane connect(ControlPlaneSettings settings, Supplier<MemoryBudget.Share> memory) {
        return connect(settings);
    }
}
