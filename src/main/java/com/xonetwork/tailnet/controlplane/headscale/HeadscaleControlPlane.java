package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DeviceRoutes;
import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.controlplane.JoinKeyMark;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.ListIntake;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.KeyJson;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.NodeJson;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Headscale's API v1 (0.29). Differences to the port's ideal, all told by {@link #capabilities()}:
 *
 * <ul>
 *   <li>no device approval: authorizing is done already, taking it back is not supported;
 *   <li>key expiry can be switched off, not on again, because no earlier date is kept;
 *   <li>no ETag: the policy is compared by us, with a small gap before the write;
 *   <li>keys have no description: it is dropped, {@link JoinKey#description()} is always empty, so a key whose creation
 *       was not answered cannot be found again by it. Such a key expires by itself.
 * </ul>
 */
public final class HeadscaleControlPlane implements ControlPlane {

    private final HeadscaleSession session;
    private final HeadscalePolicy policy;
    private final Clock clock;
    private final NodeReader reader = new NodeReader();

    private volatile Set<Capability> capabilities = HeadscaleProbe.BASIC;

    /**
     * Prepares a connection; makes no call.
     *
     * @param clock for the expiry of join keys, which is corrected by how far the server's is off
     * @throws ControlPlaneException.Rejected for settings that cannot work
     */
    public HeadscaleControlPlane(HttpCore core, ControlPlaneSettings settings, Clock clock) {
        this.session = HeadscaleSession.open(core, settings);
        this.policy = new HeadscalePolicy(session);
        this.clock = clock;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    /** By the server's clock. */
    private Instant now() {
        return session.there(clock.instant());
    }

    @Override
    public Optional<ClockSkew> clockSkew() {
        return session.clockSkew();
    }

    @Override
    public Set<Capability> detectCapabilities() {
        capabilities = Set.copyOf(new HeadscaleProbe(session).detect());
        return capabilities;
    }

    @Override
    public List<Device> devices(ListIntake intake) {
        return session.devices(
                HttpCall.of(HeadscaleOperations.LIST_NODES, RequestPath.of("api", "v1", "node")),
                "nodes",
                NodeJson.class,
                reader::read,
                intake);
    }

    @Override
    public List<Device> devices() {
        try (var intake = ListIntake.unlimited()) {
            return devices(intake);
        }
    }

    /** The server takes tags only from the policy's {@code tagOwners}, and never takes the last one off. */
    @Override
    public void setTags(String deviceId, Set<String> tags) {
        var sorted = tags.stream().sorted().toList();
        session.send(
                HttpCall.of(HeadscaleOperations.SET_TAGS, nodePath(deviceId, "tags")),
                new HeadscaleMessages.TagsJson(sorted));
    }

    /** Sent in lower case: the server takes {@code WEB} beside {@code web}, and DNS cannot tell the two apart. */
    @Override
    public void setName(String deviceId, String name) {
        if (name.isBlank() || name.indexOf('/') >= 0) {
            // The name is a part of the path here, and the server does not take an encoded slash in it.
            throw new ControlPlaneException.Rejected(0, "\"" + name + "\" is not a valid name for a device");
        }
        session.send(HttpCall.of(
                HeadscaleOperations.RENAME_NODE,
                RequestPath.of("api", "v1", "node", deviceId, "rename", name.toLowerCase(Locale.ROOT))));
    }

    /** {@code true} is done without a call: a registered node is authorized. */
    @Override
    public void setAuthorized(String deviceId, boolean authorized) {
        if (!authorized) {
            throw new ControlPlaneException.NotSupported(Capability.DEVICE_APPROVAL);
        }
    }

    @Override
    public void setKeyExpiryDisabled(String deviceId, boolean disabled) {
        require(disabled ? Capability.KEY_EXPIRY_DISABLE : Capability.KEY_EXPIRY_ENABLE);
        // Only as a query parameter: in the body it is ignored, and the node would expire now.
        var answer = session.send(HttpCall.of(
                HeadscaleOperations.EXPIRE_NODE, nodePath(deviceId, "expire").query("disableExpiry", "true")));
        if (NodeReader.instant(node(answer).expiry()) != null) {
            throw answer.unusable("the node's key still expires");
        }
    }

    @Override
    public DeviceRoutes routes(String deviceId) {
        return reader.routes(node(session.send(
                HttpCall.of(HeadscaleOperations.GET_NODE, RequestPath.of("api", "v1", "node", deviceId)))));
    }

    /** One of the two exit routes brings the other along. */
    @Override
    public DeviceRoutes setEnabledRoutes(String deviceId, Set<String> routes) {
        var sorted = routes.stream().sorted().toList();
        return reader.routes(node(session.send(
                HttpCall.of(HeadscaleOperations.SET_APPROVED_ROUTES, nodePath(deviceId, "approve_routes")),
                new HeadscaleMessages.RoutesJson(sorted))));
    }

    @Override
    public void deleteDevice(String deviceId) {
        try {
            session.send(HttpCall.of(HeadscaleOperations.DELETE_NODE, RequestPath.of("api", "v1", "node", deviceId)));
        } catch (ControlPlaneException.NotFound e) {
            // gone already
        }
    }

    /**
     * A tagged key belongs to no user. Its description becomes a mark in its expiry ({@link JoinKeyMark}). The expiry is always sent: without it a key is born expired. Unlike for a node, the
     * server does not look whether the tags are in the policy.
     */
    @Override
    public JoinKey createJoinKey(JoinKeyRequest request) {
        var expiration = JoinKeyMark.expiry(request.description(), now().plus(request.validFor()));
        var answer = session.send(
                HttpCall.of(HeadscaleOperations.CREATE_KEY, RequestPath.of("api", "v1", "preauthkey")),
                new HeadscaleMessages.NewKeyJson(
                        false, request.ephemeral(), expiration.toString(), List.copyOf(request.tags())));
        var json = session.read(answer, HeadscaleMessages.OneKeyJson.class).preAuthKey();
        if (json == null || json.key() == null || json.key().isBlank()) {
            throw answer.unusable("it holds no key");
        }
        return key(json, json.key()).orElseThrow(() -> answer.unusable("the key has no id"));
    }

    @Override
    public List<JoinKey> joinKeys() {
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
    public void revokeJoinKey(String keyId) {
        if (!keyId.chars().allMatch(Character::isDigit) || keyId.isEmpty()) {
            return; // Keys here have numbers, so there is none of that id.
        }
        session.send(
                HttpCall.of(HeadscaleOperations.EXPIRE_KEY, RequestPath.of("api", "v1", "preauthkey", "expire")),
                new HeadscaleMessages.KeyIdJson(keyId));
    }

    @Override
    public Optional<PolicyDocument> policy() {
        return policy.read();
    }

    @Override
    public List<String> validatePolicy(String hujson) {
        require(Capability.POLICY_VALIDATE);
        return policy.check(hujson);
    }

    @Override
    public PolicyDocument publishPolicy(String hujson, PolicyPrecondition precondition) {
        return policy.publish(hujson, precondition, capabilities.contains(Capability.POLICY_VALIDATE));
    }

    private NodeJson node(Answer answer) {
        var node = session.read(answer, HeadscaleMessages.OneNodeJson.class).node();
        if (node == null) {
            throw answer.unusable("it holds no node");
        }
        return node;
    }

    private Optional<JoinKey> key(KeyJson json, @Nullable String secret) {
        if (json.id() == null || json.id().isBlank()) {
            return Optional.empty();
        }
        var expires = NodeReader.instant(json.expiration());
        boolean usedUp = Boolean.TRUE.equals(json.used()) && !Boolean.TRUE.equals(json.reusable());
        // No date is a key born expired, not one for ever.
        boolean usable = !usedUp && expires != null && expires.isAfter(now());
        return Optional.of(new JoinKey(json.id(), secret, "", NodeReader.sorted(json.aclTags()), expires, usable));
    }

    private void require(Capability capability) {
        if (!capabilities.contains(capability)) {
            throw new ControlPlaneException.NotSupported(capability);
        }
    }

    private static RequestPath nodePath(String deviceId, String verb) {
        return RequestPath.of("api", "v1", "node", deviceId, verb);
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return "HeadscaleControlPlane[" + session + "]";
    }
}
