package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Keys as the service writes them. */
final class KeyJson {

    private KeyJson() {}

    /** @param ownerId of the user whom keys belong to that no trust credential made */
    static ObjectNode write(SimKey key, Instant now, String ownerId) {
        var node =
                Json.object().put("id", key.id()).put("keyType", key.type()).put("created", Json.time(key.created()));
        var updated = key.updated();
        if (updated != null) {
            node.put("updated", Json.time(updated));
        }
        var expires = key.expires();
        if (expires != null) {
            node.put("expires", Json.time(expires)).put("expirySeconds", key.expirySeconds());
        }
        var revoked = key.revoked();
        if (revoked != null) {
            node.put("revoked", Json.time(revoked));
        }
        Json.putIfText(node, "description", key.description());
        Json.putIfTrue(node, "invalid", key.invalid(now));
        Json.putIfAny(node, "scopes", key.scopes());
        if (!key.creator().startsWith("oauth-client:") && !key.creator().startsWith("federated:")) {
            node.put("userId", ownerId);
        }
        if (key.type().equals("auth")) {
            var create = node.putObject("capabilities").putObject("devices").putObject("create");
            create.put("reusable", key.reusable())
                    .put("ephemeral", key.ephemeral())
                    .put("preauthorized", key.preauthorized());
            Json.putIfAny(create, "tags", key.tags());
        } else {
            Json.putIfAny(node, "tags", key.tags());
        }
        var federation = key.federation();
        if (federation != null) {
            node.put("issuer", federation.issuer())
                    .put("subject", federation.subject())
                    .put("audience", federation.audience());
            if (!federation.claimRules().isEmpty()) {
                var rules = node.putObject("customClaimRules");
                federation.claimRules().forEach(rules::put);
            }
        }
        return node;
    }
}
