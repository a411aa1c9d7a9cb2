package com.xonetwork.tailnet.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * An endpoint that wants to be told.
 *
 * @param providerType empty for Tailscale's own form; {@code slack mattermost googlechat discord} otherwise
 * @param subscriptions events and categories of events, sorted
 * @param secret signs what is sent
 */
public record SimWebhook(
        String endpointId,
        String endpointUrl,
        String providerType,
        String creator,
        Instant created,
        Instant lastModified,
        List<String> subscriptions,
        String secret) {

    static final Set<String> MANAGEMENT = Set.of(
            "nodeCreated",
            "nodeNeedsApproval",
            "nodeApproved",
            "nodeKeyExpiringInOneDay",
            "nodeKeyExpired",
            "nodeDeleted",
            "nodeSigned",
            "nodeNeedsSignature",
            "policyUpdate",
            "userCreated",
            "userNeedsApproval",
            "userSuspended",
            "userRestored",
            "userDeleted",
            "userApproved",
            "userRoleUpdated");
    static final Set<String> MISCONFIGURATIONS =
            Set.of("subnetIPForwardingNotEnabled", "exitNodeIPForwardingNotEnabled");
    static final String ALL_MANAGEMENT = "categoryTailnetManagement";
    static final String ALL_MISCONFIGURATIONS = "categoryDeviceMisconfigurations";

    /** Sent whatever the subscriptions say. */
    private static final Set<String> ALWAYS = Set.of("test", "webhookUpdated", "webhookDeleted");

    public SimWebhook {
        subscriptions = subscriptions.stream().distinct().sorted().toList();
    }

    /** Whether one can subscribe to this. */
    static boolean isSubscription(String name) {
        return MANAGEMENT.contains(name)
                || MISCONFIGURATIONS.contains(name)
                || name.equals(ALL_MANAGEMENT)
                || name.equals(ALL_MISCONFIGURATIONS);
    }

    boolean wants(String event) {
        return ALWAYS.contains(event)
                || subscriptions.contains(event)
                || (subscriptions.contains(ALL_MANAGEMENT) && MANAGEMENT.contains(event))
                || (subscriptions.contains(ALL_MISCONFIGURATIONS) && MISCONFIGURATIONS.contains(event));
    }

    SimWebhook withSubscriptions(List<String> newSubscriptions, Instant now) {
        return new SimWebhook(endpointId, endpointUrl, providerType, creator, created, now, newSubscriptions, secret);
    }

    SimWebhook withSecret(String newSecret, Instant now) {
        return new SimWebhook(endpointId, endpointUrl, providerType, creator, created, now, subscriptions, newSecret);
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "SimWebhook[" + endpointId + ", " + endpointUrl + ", " + subscriptions + "]";
    }
}
