package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;

/** The operations on keys. */
final class KeyEndpoints {

    private static final Duration LONGEST_LIFE = Duration.ofDays(90);
    private static final String NO_CAPABILITY = "exactly one capability scope must be populated";

    private final Clock clock;
    private final KeyStore keys;
    private final CredentialTable credentials;
    private final TagRules tagRules;

    KeyEndpoints(Clock clock, KeyStore keys, CredentialTable credentials, TagRules tagRules) {
        this.clock = clock;
        this.keys = keys;
        this.credentials = credentials;
        this.tagRules = tagRules;
    }

    /** Without {@code all=true} an OAuth client sees the OAuth clients, a user their own keys. */
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

    private static boolean seenByDefault(Caller caller, SimKey key) {
        if (caller.tailnetOwned()) {
            return key.type().equals("client");
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
                case "client" -> credentials.revokeClient(key.id());
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
            case "client" -> createClient(body, call.caller());
            default -> throw ApiError.badRequest("unsupported key type");
        };
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
                false);
        var secret = "tskey-auth-" + key.id() + "-" + randomPart();
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

    private Answer createClient(ObjectNode body, Caller caller) {
        var scopes = Scopes.of(Json.strings(body.path("scopes")));
        var tags = new LinkedHashSet<>(Json.strings(body.path("tags")));
        if (scopes.names().isEmpty()) {
            throw ApiError.badRequest("scopes cannot be empty");
        }
        if (tags.isEmpty() && scopes.needTags()) {
            throw ApiError.badRequest("tags are required for these scopes");
        }
        tagRules.check(tags, caller);
        var id = keys.newId();
        var secret = "tskey-client-" + id + "-" + randomPart();
        credentials.addClient(
                new CredentialTable.Client(id, secret, scopes, tags),
                body.path("description").asText(""));
        return Answer.json(write(keys.find(id).orElseThrow()).put("key", secret));
    }

    private static String randomPart() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static boolean mayRead(Caller caller, SimKey key) {
        return caller.scopes().cover(scopeOf(key.type()) + ":read");
    }

    private static String scopeOf(String keyType) {
        return switch (keyType) {
            case "client" -> "oauth_keys";
            case "api" -> "api_access_tokens";
            default -> "auth_keys";
        };
    }

    private ObjectNode write(SimKey key) {
        var node =
                Json.object().put("id", key.id()).put("keyType", key.type()).put("created", Json.time(key.created()));
        var expires = key.expires();
        if (expires != null) {
            node.put("expires", Json.time(expires)).put("expirySeconds", key.expirySeconds());
        }
        var revoked = key.revoked();
        if (revoked != null) {
            node.put("revoked", Json.time(revoked));
        }
        Json.putIfText(node, "description", key.description());
        Json.putIfTrue(node, "invalid", key.invalid(clock.instant()));
        Json.putIfAny(node, "scopes", key.scopes());
        if (key.type().equals("auth")) {
            var create = node.putObject("capabilities").putObject("devices").putObject("create");
            create.put("reusable", key.reusable())
                    .put("ephemeral", key.ephemeral())
                    .put("preauthorized", key.preauthorized());
            Json.putIfAny(create, "tags", key.tags());
        } else {
            Json.putIfAny(node, "tags", key.tags());
        }
        return node;
    }
}
