package com.xonetwork.tailnet.simulator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as the service lists it: a join key, an OAuth client or an API access token. Never holds the secret.
 *
 * @param type {@code auth}, {@code client} or {@code api}
 * @param creator label of the credential that made it
 * @param used a one-off join key has let its device in
 */
public record SimKey(
        String id,
        String type,
        String description,
        Instant created,
        @Nullable Instant expires,
        long expirySeconds,
        boolean reusable,
        boolean ephemeral,
        boolean preauthorized,
        List<String> tags,
        List<String> scopes,
        String creator,
        @Nullable Instant revoked,
        boolean used) {

    public SimKey {
        tags = List.copyOf(tags);
        scopes = List.copyOf(scopes);
    }

    /** Whether the key opens nothing any more. */
    public boolean invalid(Instant now) {
        return revoked != null || used || (expires != null && !expires.isAfter(now));
    }

    static SimKey client(String id, String description, Instant created, List<String> scopes, List<String> tags) {
        return new SimKey(
                id, "client", description, created, null, 0, false, false, false, tags, scopes, "admin", null, false);
    }

    static SimKey api(String id, Instant created, Instant expires, long expirySeconds, List<String> scopes) {
        return new SimKey(
                id,
                "api",
                "",
                created,
                expires,
                expirySeconds,
                false,
                false,
                false,
                List.of(),
                scopes,
                "admin",
                null,
                false);
    }

    SimKey revokedAt(Instant now) {
        return with(now, used);
    }

    SimKey usedUp() {
        return reusable ? this : with(revoked, true);
    }

    private SimKey with(@Nullable Instant nowRevoked, boolean nowUsed) {
        return new SimKey(
                id,
                type,
                description,
                created,
                expires,
                expirySeconds,
                reusable,
                ephemeral,
                preauthorized,
                tags,
                scopes,
                creator,
                nowRevoked,
                nowUsed);
    }
}
