package com.xonetwork.tailnet.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user of the tailnet. What depends on the user's devices is worked out when it is asked for.
 *
 * @param id fills itself in when empty
 * @param role {@code owner member admin it-admin network-admin billing-admin auditor}
 * @param status {@code active idle suspended needs-approval over-billing-limit}
 * @param type {@code member}, or {@code shared} for one who only shares devices in
 * @param created fills itself in when null
 */
public record SimUser(
        String id,
        String loginName,
        String displayName,
        String role,
        String status,
        String type,
        @Nullable Instant created) {

    /** Owns the tailnet, the devices that name no user, and the API access tokens. */
    static final String OWNER = "amelie@example.com";

    /** An active member. */
    public static SimUser named(String loginName) {
        return new SimUser("", loginName, loginName.replaceAll("@.*", ""), "member", "active", "member", null);
    }

    public SimUser withRole(String newRole) {
        return new SimUser(id, loginName, displayName, newRole, status, type, created);
    }

    public SimUser withStatus(String newStatus) {
        return new SimUser(id, loginName, displayName, role, newStatus, type, created);
    }

    public SimUser withType(String newType) {
        return new SimUser(id, loginName, displayName, role, status, newType, created);
    }

    SimUser filledIn(String newId, Instant now) {
        return new SimUser(
                id.isEmpty() ? newId : id, loginName, displayName, role, status, type, created == null ? now : created);
    }
}
