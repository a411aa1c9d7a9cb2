package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;

/** The operations on keys. */
final class KeyEndpoints {

    private static final Duration LONGEST_LIFE = Duration.ofDays(90);
    private static final String NO_CAPABILITY = "exactly one capability scope must be populated";

    private final Clock clock;
    private final KeyStore keys;
    private final CredentialTable credentials;
    private final TagRules tagRules;
    private final TrustCredentials trust;
    private final UserStore users;

    KeyEndpoints(
            Clock clock,
            KeyStore keys,
            CredentialTable credentials,
            TagRules tagRules,
            TrustCredentials trust,
            UserStore users) {
        this.clock = clock;
        this.keys = keys;
        this.credentials = credentials;
        this.tagRules = tagRules;
        this.trust = trust;
        this.users = users;
    }

    /**
     * Without {@code all=true} an OAuth client sees the OAuth clients, a federated identity the federated identities, a
     * user their own keys.
     */
    Answer list(Call call) {
        var all = call.query("all").equals("true");
        var now = clock.instant();
        var body = Json.object();
        var list = body.putArray("keys");
        keys.all().stream()
                .filter(key -> !key.invalid(now))
                .filter(key -> mayRead(call.caller(), key))
                .filter(key -> all || seenByDefault(call.caller(), key))
                .forEach(key -> list.add(write(key)));
        return Answer.json(body);
    }

    private boolean seenByDefault(Caller caller, SimKey key) {
        if (caller.tailnetOwned()) {
            return keys.find(caller.keyId()).stream().anyMatch(own -> own.type().equals(key.type()));
        }
        return key.creator().equals(caller.label()) || key.id().equals(caller.keyId());
    }

    Answer get(Call call) {
        var key = found(call);
        if (!mayRead(call.caller(), key) && !key.id().equals(call.caller().keyId())) {
            throw ApiError.noPermission();
        }
        return Answer.json(write(key));
    }

    /** Revokes; the key stays visible by its id, marked invalid. */
    Answer delete(Call call) {
        var key = found(call);
        if (!call.caller().scopes().cover(scopeOf(key.type()))) {
            throw ApiError.noPermission();
        }
        if (key.revoked() == null) {
            switch (key.type()) {
                case "client", "federated" -> credentials.revokeClient(key.id());
                case "api" -> credentials.revokeApiKeyById(key.id());
                default -> keys.update(key.id(), live -> live.revokedAt(clock.instant()));
            }
        }
        return Answer.empty(200);
    }

    private SimKey found(Call call) {
        var id = call.parameter("keyId");
        return keys.find(id)
                .orElseThrow(() -> id.matches("k\\w+CNTRL")
                        ? new ApiError(404, "key not found")
                        : ApiError.badRequest("invalid key ID"));
    }

    Answer create(Call call) {
        var body = Json.parseObject(call.body()).orElseThrow(() -> ApiError.badRequest(NO_CAPABILITY));
        var type = body.path("keyType").asText("auth");
        if (!call.caller().scopes().cover(scopeOf(type))) {
            throw ApiError.noPermission();
        }
        checkDescription(body.path("description").asText(""));
        return switch (type) {
            case "auth" -> createAuthKey(body, call.caller());
            case "client" -> {
                var made = trust.createClient(body, call.caller());
                yield Answer.json(write(made.key()).put("key", made.secret()));
            }
            case "federated" -> Answer.json(write(trust.createFederated(body, call.caller())));
            default -> throw ApiError.badRequest("unsupported key type");
        };
    }

    /** Only trust credentials can be changed. */
    Answer set(Call call) {
        var key = found(call);
        if (!key.type().equals("client") && !key.type().equals("federated")) {
            throw ApiError.badRequest("keys of type \"" + key.type() + "\" can not be updated");
        }
        if (!call.caller().scopes().cover(scopeOf(key.type()))) {
            throw ApiError.noPermission();
        }
        if (key.revoked() != null) {
            throw new ApiError(404, "key not found");
        }
        var body = call.json();
        checkDescription(body.path("description").asText(""));
        return Answer.json(write(trust.replace(key, body, call.caller())));
    }

    private static void checkDescription(String description) {
        if (description.length() > 50 || !description.matches("[\\p{L}\\p{N} -]*")) {
            throw ApiError.badRequest("keys: description had invalid characters");
        }
    }

    private Answer createAuthKey(ObjectNode body, Caller caller) {
        if (!body.path("capabilities").path("devices").isObject()) {
            throw ApiError.badRequest(NO_CAPABILITY);
        }
        var create = body.path("capabilities").path("devices").path("create");
        var tags = List.copyOf(new LinkedHashSet<>(Json.strings(create.path("tags"))));
        if (tags.isEmpty() && caller.tailnetOwned()) {
            throw ApiError.badRequest("tailnet-owned auth key must have tags set");
        }
        tagRules.check(tags, caller);
        var now = clock.instant();
        var life = lifeSeconds(body.path("expirySeconds"));
        var key = new SimKey(
                keys.newId(),
                "auth",
                body.path("description").asText(""),
                now,
                now.plusSeconds(life),
                life,
                create.path("reusable").asBoolean(false),
                create.path("ephemeral").asBoolean(false),
                create.path("preauthorized").asBoolean(false),
                tags,
                List.of(),
                caller.label(),
                null,
                false,
                null,
                null);
        var secret = "tskey-auth-" + key.id() + "-" + CredentialTable.randomPart();
        keys.put(key, secret);
        return Answer.json(write(key).put("key", secret));
    }

    private static long lifeSeconds(JsonNode requested) {
        var life = requested.asLong(0);
        if (life < 0 || life > LONGEST_LIFE.toSeconds()) {
            throw ApiError.badRequest("expirySeconds must be at most " + LONGEST_LIFE.toSeconds());
        }
        return life == 0 ? LONGEST_LIFE.toSeconds() : life;
    }

    private static boolean mayRead(Caller caller, SimKey key) {
        return caller.scopes().cover(scopeOf(key.type()) + ":read");
    }

    private static String scopeOf(String keyType) {
        return switch (keyType) {
            case "client" -> "oauth_keys";
            case "federated" -> "federated_keys";
            case "api" -> "api_access_tokens";
            default -> "auth_keys";
        };
    }

    private ObjectNode write(SimKey key) {
        return KeyJson.write(key, clock.instant(), users.ownerId());
    }
}
