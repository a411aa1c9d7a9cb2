package com.xonetwork.tailnet.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** OAuth clients, API access tokens and the short-lived tokens of the former. Safe for use by several threads. */
final class CredentialTable {

    /** Fixed by the service. */
    static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private static final Duration API_KEY_LIFE = Duration.ofDays(90);

    private final Clock clock;
    private final KeyStore keys;
    private final Map<String, Client> clients = new HashMap<>();
    private final Map<String, Caller> apiKeys = new HashMap<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private int apiKeysAdded;

    CredentialTable(Clock clock, KeyStore keys) {
        this.clock = clock;
        this.keys = keys;
    }

    /** An OAuth client. */
    record Client(String id, String secret, Scopes scopes, Set<String> tags) {
        String label() {
            return "oauth-client:" + id;
        }
    }

    private record Token(Caller caller, Instant expires) {}

    synchronized void addClient(Client client, String description) {
        clients.put(client.id(), client);
        keys.put(SimKey.client(
                client.id(),
                description,
                clock.instant(),
                List.copyOf(client.scopes().names()),
                List.copyOf(client.tags())));
    }

    /** Takes a user's API access token in and tells the label that the ledger will show for it. */
    synchronized String addApiKey(String secret, Scopes scopes) {
        var label = "api-key:" + ++apiKeysAdded;
        var id = keys.newId();
        var now = clock.instant();
        apiKeys.put(secret, new Caller(label, id, scopes, Set.of(), false));
        keys.put(SimKey.api(id, now, now.plus(API_KEY_LIFE), API_KEY_LIFE.toSeconds(), List.copyOf(scopes.names())));
        return label;
    }

    /** Gives a client other scopes and tags; its secret stays, and so do the tokens that it was given. */
    synchronized void updateClient(String clientId, Scopes scopes, Set<String> tags) {
        clients.computeIfPresent(clientId, (id, client) -> new Client(id, client.secret(), scopes, tags));
    }

    /** Revokes a client or a federated identity and with it the tokens that it was given. */
    synchronized void revokeClient(String clientId) {
        clients.remove(clientId);
        tokens.values().removeIf(token -> token.caller().keyId().equals(clientId));
        keys.update(clientId, key -> key.revokedAt(clock.instant()));
    }

    synchronized void revokeApiKey(String secret) {
        var caller = apiKeys.remove(secret);
        if (caller != null) {
            keys.update(caller.keyId(), key -> key.revokedAt(clock.instant()));
        }
    }

    synchronized void revokeApiKeyById(String keyId) {
        apiKeys.values().removeIf(caller -> caller.keyId().equals(keyId));
        keys.update(keyId, key -> key.revokedAt(clock.instant()));
    }

    synchronized void expireTokens() {
        tokens.clear();
    }

    /** The client with these credentials. A secret of the live form names its client itself; then any id will do. */
    synchronized Optional<Client> client(String id, String secret) {
        var named = Optional.ofNullable(clients.get(id))
                .filter(client -> client.secret().equals(secret));
        if (named.isPresent() || !secret.startsWith("tskey-client-")) {
            return named;
        }
        return clients.values().stream()
                .filter(client -> client.secret().equals(secret))
                .findFirst();
    }

    /** Gives the caller an access token, in the form of the answer to a token request. */
    synchronized Answer newToken(Caller caller) {
        var token = "tskey-api-" + caller.keyId() + "-" + randomPart();
        tokens.put(token, new Token(caller, clock.instant().plus(TOKEN_LIFE)));
        return Answer.json(Json.object()
                        .put("access_token", token)
                        .put("token_type", "Bearer")
                        .put("expires_in", TOKEN_LIFE.toSeconds())
                        .put("scope", caller.scopes().toString()))
                .withHeader("Cache-Control", "no-store");
    }

    static String randomPart() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Who sends this Authorization header: {@code Bearer}, or {@code Basic} with the token as the user name. */
    synchronized Caller identify(String authorization) {
        if (authorization.isEmpty()) {
            return Caller.NOBODY;
        }
        var secret = secret(authorization).orElse("");
        var apiKey = apiKeys.get(secret);
        if (apiKey != null) {
            var live = keys.find(apiKey.keyId()).filter(key -> !key.invalid(clock.instant()));
            return live.isPresent() ? apiKey : Caller.STRANGER;
        }
        var token = tokens.get(secret);
        return token != null && token.expires().isAfter(clock.instant()) ? token.caller() : Caller.STRANGER;
    }

    private static Optional<String> secret(String authorization) {
        return bearer(authorization).or(() -> basic(authorization).map(Login::user));
    }

    private static Optional<String> bearer(String authorization) {
        return authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? Optional.of(authorization.substring(7).strip())
                : Optional.empty();
    }

    /** User name and password of HTTP Basic. */
    record Login(String user, String password) {}

    static Optional<Login> basic(String authorization) {
        if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            var decoded = new String(
                    Base64.getDecoder().decode(authorization.substring(6).strip()), StandardCharsets.UTF_8);
            var colon = decoded.indexOf(':');
            return Optional.of(
                    colon < 0
                            ? new Login(decoded, "")
                            : new Login(decoded.substring(0, colon), decoded.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
