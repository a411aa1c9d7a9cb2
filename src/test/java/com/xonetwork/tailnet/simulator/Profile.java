package com.xonetwork.tailnet.simulator;

import java.util.EnumSet;
import java.util.Set;

/** Which control plane's dialect of the API v2 is spoken. */
public enum Profile {
    /** Tailscale's own service. */
    SAAS(EnumSet.noneOf(Operation.class)),

    /**
     * Headscale 0.30's {@code /api/v2}: no validation, DNS, webhooks, services or key expiry on demand; {@code -} is the
     * only tailnet; token errors are those of RFC 6749; some device writes are refused or do nothing.
     */
    MINIMAL(EnumSet.of(
            Operation.VALIDATE_POLICY,
            Operation.GET_DNS_PREFERENCES,
            Operation.LIST_WEBHOOKS,
            Operation.LIST_SERVICES,
            Operation.LIST_VIP_SERVICES,
            Operation.EXPIRE_DEVICE_KEY));

    private final Set<Operation> missing;

    Profile(Set<Operation> missing) {
        this.missing = missing;
    }

    /** Whether this control plane has the operation at all. */
    public boolean has(Operation operation) {
        return !missing.contains(operation);
    }
}
