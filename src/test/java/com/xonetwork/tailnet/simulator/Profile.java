package com.xonetwork.tailnet.simulator;

import java.util.EnumSet;
import java.util.Set;

/** Which control plane's dialect of the API v2 is spoken. */
public enum Profile {
    /** Tailscale's own service. */
    SAAS(EnumSet.allOf(Operation.class)),

    /**
     * Headscale 0.30's {@code /api/v2}: devices, join keys, OAuth clients, the policy, and little of the rest; no
     * validation, DNS, webhooks, services, posture or key expiry on demand; {@code -} is the only tailnet; token errors are
     * those of RFC 6749; some device writes are refused or do nothing.
     */
    MINIMAL(EnumSet.of(
            Operation.OAUTH_TOKEN,
            Operation.LIST_DEVICES,
            Operation.GET_DEVICE,
            Operation.DELETE_DEVICE,
            Operation.LIST_DEVICE_ROUTES,
            Operation.SET_DEVICE_ROUTES,
            Operation.AUTHORIZE_DEVICE,
            Operation.SET_DEVICE_NAME,
            Operation.SET_DEVICE_TAGS,
            Operation.UPDATE_DEVICE_KEY,
            Operation.LIST_KEYS,
            Operation.CREATE_KEY,
            Operation.GET_KEY,
            Operation.DELETE_KEY,
            Operation.GET_POLICY,
            Operation.SET_POLICY,
            Operation.GET_SETTINGS,
            Operation.UPDATE_SETTINGS,
            Operation.LIST_USERS,
            Operation.GET_USER));

    private final Set<Operation> operations;

    Profile(Set<Operation> operations) {
        this.operations = operations;
    }

    /** Whether this control plane has the operation at all. */
    public boolean has(Operation operation) {
        return operations.contains(operation);
    }
}
