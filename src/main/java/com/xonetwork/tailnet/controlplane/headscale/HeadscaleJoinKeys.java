package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.controlplane.JoinKeyMark;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.KeyJson;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pre-auth keys of Headscale's API v1. */
final class HeadscaleJoinKeys implements JoinKeys {

    private final HeadscaleSession session;
    private final InstantSource there;

    /** @param there the server's clock */
    HeadscaleJoinKeys(HeadscaleSession session, InstantSource there) {
        this.session = session;
        this.there = there;
    }

    /**
     * A tagged key belongs to no user. Its description becomes a mark in its expiry ({@link JoinKeyMark}). The expiry is always sent:
     * without it a key is born expired. Unlike for a node, the server does not look whether the tags are in the policy.
     */
    @Override
    public JoinKey create(JoinKeyRequest request) {
        var expiration =
                JoinKeyMark.expiry(request.description(), there.instant().plus(request.validFor()));
        var answer = session.send(
                HttpCall.of(HeadscaleOperations.CREATE_KEY, RequestPath.of("api", "v1", "preauthkey")),
                new HeadscaleMessages.NewKeyJson(false, false, expiration.toString(), List.copyOf(request.tags())));
        var json = session.read(answer, HeadscaleMessages.OneKeyJson.class).preAuthKey();
        if (json == null || json.key() == null || json.key().isBlank()) {
            throw answer.unusable("it holds no key");
        }
        return key(json, json.key()).orElseThrow(() -> answer.unusable("the key has no id"));
    }

    @Override
    public List<JoinKey> list() {
        var answer =
                session.send(HttpCall.of(HeadscaleOperations.LIST_KEYS, RequestPath.of("api", "v1", "preauthkey")));
        var keys = session.read(answer, HeadscaleMessages.KeyListJson.class).preAuthKeys();
        if (keys == null) {
            throw answer.unusable("it holds no list of keys");
        }
        return keys.stream()
                .filter(Objects::nonNull)
                .map(json -> key(json, null))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Lets the key expire. Not deleted: a node keeps a reference to the key that it joined with, takes its being ephemeral
     * from there, and shows the key again when its machine restarts. An id that the server does not know is fine with it.
     */
    @Override
    public void revoke(String keyId) {
        if (!keyId.chars().allMatch(Character::isDigit) || keyId.isEmpty()) {
            return; // Keys here have numbers, so there is none of that id.
        }
        session.send(
                HttpCall.of(HeadscaleOperations.EXPIRE_KEY, RequestPath.of("api", "v1", "preauthkey", "expire")),
                new HeadscaleMessages.KeyIdJson(keyId));
    }

    private Optional<JoinKey> key(KeyJson json, @Nullable String secret) {
        if (json.id() == null || json.id().isBlank()) {
            return Optional.empty();
        }
        var expires = NodeReader.instant(json.expiration());
        boolean usedUp = Boolean.TRUE.equals(json.used()) && !Boolean.TRUE.equals(json.reusable());
        // No date is a key born expired, not one for ever.
        boolean usable = !usedUp && expires != null && expires.isAfter(there.instant());
        return Optional.of(new JoinKey(json.id(), secret, "", NodeReader.sorted(json.aclTags()), expires, usable));
    }
}
