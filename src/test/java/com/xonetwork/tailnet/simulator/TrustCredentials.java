package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** OAuth clients and federated identities, made and changed through the API. */
final class TrustCredentials {

    private final SimClock clock;
    private final String tailnetId;
    private final KeyStore keys;
    private final CredentialTable credentials;
    private final TagRules tagRules;

    TrustCredentials(SimClock clock, String tailnetId, KeyStore keys, CredentialTable credentials, TagRules tagRules) {
        this.clock = clock;
        this.tailnetId = tailnetId;
        this.keys = keys;
        this.credentials = credentials;
        this.tagRules = tagRules;
    }

    /** What both kinds are given, checked. */
    private record Configuration(String description, Scopes scopes, Set<String> tags) {
        List<String> scopeNames() {
            return List.copyOf(scopes.names());
        }

        List<String> tagNames() {
            return List.copyOf(tags);
        }
    }

    /** A new key, and its secret. */
    record Made(SimKey key, String secret) {}

    Made createClient(ObjectNode body, Caller caller) {
        var wanted = configuration(body, caller);
        var id = keys.newId();
        var secret = "tskey-client-" + id + "-" + CredentialTable.randomPart();
        credentials.addClient(
                new CredentialTable.Client(id, secret, wanted.scopes(), wanted.tags()), wanted.description());
        return new Made(madeBy(id, caller), secret);
    }

    /** A federated identity has no secret: who shows the right token may use it. */
    SimKey createFederated(ObjectNode body, Caller caller) {
        var wanted = configuration(body, caller);
        var id = keys.newId();
        keys.put(SimKey.federated(
                id,
                wanted.description(),
                clock.instant(),
                wanted.scopeNames(),
                wanted.tagNames(),
                federation(body, "api.tailscale.com/" + tailnetId + "-" + id)));
        return madeBy(id, caller);
    }

    private SimKey madeBy(String id, Caller caller) {
        keys.update(id, key -> key.madeBy(caller.label()));
        return keys.find(id).orElseThrow();
    }

    /** Replaces the whole configuration; what is not given is empty afterwards. */
    SimKey replace(SimKey key, ObjectNode body, Caller caller) {
        if (!body.path("keyType").asText(key.type()).equals(key.type())) {
            throw ApiError.badRequest("the type of a key can not be changed");
        }
        var wanted = configuration(body, caller);
        var before = Optional.ofNullable(key.federation());
        var federation = before.map(was -> federation(body, was.audience())).orElse(null);
        keys.update(
                key.id(),
                live -> live.configured(
                        wanted.description(), wanted.scopeNames(), wanted.tagNames(), federation, clock.instant()));
        credentials.updateClient(key.id(), wanted.scopes(), wanted.tags());
        return keys.find(key.id()).orElseThrow();
    }

    private Configuration configuration(ObjectNode body, Caller caller) {
        var scopes = Scopes.of(Json.strings(body.path("scopes")));
        var tags = new LinkedHashSet<>(Json.strings(body.path("tags")));
        if (scopes.names().isEmpty()) {
            throw ApiError.badRequest("scopes cannot be empty");
        }
        if (tags.isEmpty() && scopes.needTags()) {
            throw ApiError.badRequest("tags are required for these scopes");
        }
        tagRules.check(tags, caller);
        return new Configuration(body.path("description").asText(""), scopes, tags);
    }

    /** The texts of these refusals are ours. */
    private static Federation federation(ObjectNode body, String audienceOtherwise) {
        var issuer = body.path("issuer").asText("");
        var subject = body.path("subject").asText("");
        if (!isHttps(issuer)) {
            throw ApiError.badRequest("issuer must be an https URL");
        }
        if (subject.isEmpty()) {
            throw ApiError.badRequest("subject cannot be empty");
        }
        var audience = body.path("audience").asText("");
        var rules = new TreeMap<String, String>();
        body.path("customClaimRules")
                .properties()
                .forEach(rule -> rules.put(rule.getKey(), rule.getValue().asText()));
        return new Federation(issuer, subject, audience.isEmpty() ? audienceOtherwise : audience, rules);
    }

    private static boolean isHttps(String url) {
        try {
            return "https".equals(URI.create(url).getScheme())
                    && URI.create(url).getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
