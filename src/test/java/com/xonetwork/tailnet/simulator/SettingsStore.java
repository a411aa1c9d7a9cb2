package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The tailnet's settings. Safe for use by several threads. */
final class SettingsStore {

    /** One setting, with the scope that opens it ({@code :read} to see it) and what a new tailnet has. */
    enum Setting {
        ACLS_EXTERNALLY_MANAGED_ON("aclsExternallyManagedOn", "policy_file", BooleanNode.FALSE),
        ACLS_EXTERNAL_LINK("aclsExternalLink", "policy_file", TextNode.valueOf("")),
        DEVICES_APPROVAL_ON("devicesApprovalOn", "feature_settings", BooleanNode.FALSE),
        DEVICES_AUTO_UPDATES_ON("devicesAutoUpdatesOn", "feature_settings", BooleanNode.FALSE),
        DEVICES_KEY_DURATION_DAYS("devicesKeyDurationDays", "feature_settings", IntNode.valueOf(180)),
        USERS_APPROVAL_ON("usersApprovalOn", "feature_settings", BooleanNode.FALSE),
        USERS_ROLE_ALLOWED_TO_JOIN_EXTERNAL_TAILNETS(
                "usersRoleAllowedToJoinExternalTailnets",
                "feature_settings",
                TextNode.valueOf("admin"),
                Set.of("none", "admin", "member")),
        NETWORK_FLOW_LOGGING_ON("networkFlowLoggingOn", "logs:network", BooleanNode.FALSE),
        REGIONAL_ROUTING_ON("regionalRoutingOn", "feature_settings", BooleanNode.FALSE),
        /** Newer than the API document: known from the official Go client. */
        ROUTE_SELECTION(
                "routeSelection",
                "feature_settings",
                TextNode.valueOf("active-passive-failover"),
                Set.of("active-passive-failover", "regional-routing", "regional-routing-failover", "magicroute")),
        POSTURE_IDENTITY_COLLECTION_ON("postureIdentityCollectionOn", "feature_settings", BooleanNode.FALSE),
        HTTPS_ENABLED("httpsEnabled", "networking_settings", BooleanNode.FALSE);

        private final String field;
        private final String scope;
        private final JsonNode initial;
        private final Set<String> words;

        Setting(String field, String scope, JsonNode initial) {
            this(field, scope, initial, Set.of());
        }

        Setting(String field, String scope, JsonNode initial, Set<String> words) {
            this.field = field;
            this.scope = scope;
            this.initial = initial;
            this.words = words;
        }

        String field() {
            return field;
        }

        String scope() {
            return scope;
        }

        boolean takes(JsonNode value) {
            if (this == DEVICES_KEY_DURATION_DAYS) {
                return value.isInt() && value.intValue() >= 1 && value.intValue() <= 180;
            }
            return initial.getNodeType() == value.getNodeType() && (words.isEmpty() || words.contains(value.asText()));
        }
    }

    private final Map<Setting, JsonNode> values = new EnumMap<>(Setting.class);

    SettingsStore() {
        for (var setting : Setting.values()) {
            values.put(setting, setting.initial);
        }
    }

    synchronized JsonNode get(Setting setting) {
        return values.getOrDefault(setting, setting.initial);
    }

    /** Takes all of them over at once. Regional routing has two names: an older switch and one way of route selection. */
    synchronized void set(Map<Setting, JsonNode> changes) {
        values.putAll(changes);
        var regional = "regional-routing";
        if (changes.containsKey(Setting.ROUTE_SELECTION)) {
            var now = get(Setting.ROUTE_SELECTION).asText().equals(regional);
            values.put(Setting.REGIONAL_ROUTING_ON, BooleanNode.valueOf(now));
        } else if (changes.containsKey(Setting.REGIONAL_ROUTING_ON)) {
            var now = get(Setting.REGIONAL_ROUTING_ON).asBoolean() ? TextNode.valueOf(regional) : null;
            values.put(Setting.ROUTE_SELECTION, now == null ? Setting.ROUTE_SELECTION.initial : now);
        }
    }

    boolean deviceApproval() {
        return get(Setting.DEVICES_APPROVAL_ON).asBoolean();
    }

    /** How long the key of a new device lives. */
    Duration keyLife() {
        return Duration.ofDays(get(Setting.DEVICES_KEY_DURATION_DAYS).asInt());
    }
}
