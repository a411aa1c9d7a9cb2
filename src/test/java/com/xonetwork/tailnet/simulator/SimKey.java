package com.xonetwork.tailnet.simulator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as the service lists it: a join key, an OAuth client, a federated identity or an API access token. Never holds the
 * secret.
 *
 * @param type {@code auth}, {@code client}, {@code federated} or {@code api}
 * @param updated when it was last given another configuration
 * @param federation of a federated identity; null for any other key
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
        boolean used,
        @Nullable Instant updated,
        @Nullable Federation federation) {

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
                id,
                "client",
                description,
                created,
                null,
                0,
                false,
                false,
                false,
                tags,
                scopes,
                "admin",
                null,
                false,
                null,
                null);
    }

    static SimKey federated(
            String id,
            String description,
            Instant created,
            List<String> scopes,
            List<String> tags,
            Federation federation) {
        return client(id, description, created, scopes, tags).as("federated").configured(federation, null);
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
                false,
                null,
                null);
    }

    SimKey revokedAt(Instant now) {
        return with(type, creator, now, used, updated, federation);
    }

    SimKey usedUp() {
        return reusable ? this : with(type, creator, revoked, true, updated, federation);
    }

    SimKey madeBy(String caller) {
        return with(type, caller, revoked, used, updated, federation);
    }

    /** The same key with another configuration. */
    SimKey configured(
            String newDescription,
            List<String> newScopes,
            List<String> newTags,
            @Nullable Federation newFederation,
            Instant now) {
        return client(id, newDescription, created, newScopes, newTags)
                .as(type)
                .madeBy(creator)
                .configured(newFederation, now);
    }

    private SimKey as(String newType) {
        return with(newType, creator, revoked, used, updated, federation);
    }

    private SimKey configured(@Nullable Federation newFederation, @Nullable Instant nowUpdated) {
        return with(type, creator, revoked, used, nowUpdated, newFederation);
    }

    private SimKey with(
            String newType,
            String newCreator,
            @Nullable Instant nowRevoked,
            boolean nowUsed,
            @Nullable Instant nowUpdated,
            @Nullable Federation newFederation) {
        return new SimKey(
                id,
                newType,
                description,
                created,
                expires,
                expirySeconds,
                reusable,
                ephemeral,
                preauthorized,
                tags,
                scopes,
                newCreator,
                nowRevoked,
                nowUsed,
                nowUpdated,
                newFederation);
    }
}
