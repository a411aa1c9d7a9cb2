package com.xonetwork.tailnet.controlplane;

/**
 * Something that not every control plane can do. Features ask for the capability, never for the provider's name; a
 * missing one ends in the condition {@code Stalled / NotSupportedByControlPlane}.
 */
public enum Capability {
    DEVICE_TAGS,
    DEVICE_NAME,
    /** Devices can wait for approval. Headscale has no such state: a registered node is approved. */
    DEVICE_APPROVAL,
    KEY_EXPIRY_DISABLE,
    /** Switching expiry back on after it was off. Headscale 0.29 would need a date for it. */
    KEY_EXPIRY_ENABLE,
    /**
     * A device with tags whose key has expired is as new after it logged in again. Headscale 0.29.1 takes the login, leaves the
     * device expired, and then refuses it ("authkey already used"): hscontrol/state/state.go, HandleNodeFromPreAuthKey.
     */
    LOGIN_RENEWS_TAGGED_DEVICES,
    ROUTES,
    JOIN_KEYS,
    POLICY,
    /** A policy can be checked without storing it. */
    POLICY_VALIDATE,
    /**
     * The policy and its tags follow Tailscale's own rules. Without it they follow Headscale's, which are looser for tags and
     * different for destinations.
     */
    TAILSCALE_POLICY_SYNTAX,
    /** The service itself compares the policy's ETag before it writes; without it we compare and there is a small gap. */
    POLICY_ATOMIC_WRITE,
    DNS,
    WEBHOOKS,
    SERVICES,
    LOG_STREAMING,
    /** It tells who changed what. */
    AUDIT_LOG
}
