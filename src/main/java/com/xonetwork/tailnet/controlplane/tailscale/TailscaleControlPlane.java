package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DeviceRoutes;
import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.LearntCapabilities;
import com.xonetwork.tailnet.controlplane.ListIntake;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import com.xonetwork.tailnet.controlplane.http.Operation;
import com.xonetwork.tailnet.controlplane.http.PolicyText;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Tailscale API v2, and services that speak a part of it (Headscale from 0.30).
 *
 * <p>Until {@link #detectCapabilities()} was called, it counts as Tailscale's own for reading devices, and declares only
 * what every such service can do. Errors are those of {@link ControlPlane}; {@link ControlPlaneException.Forbidden} names
 * the OAuth scope from the API document.
 */
public final class TailscaleControlPlane implements ControlPlane {

    private static final String HUJSON = "application/hujson";

    /** Tailscale's name for "the policy that nobody ever wrote", in place of an ETag. */
    private static final String NEVER_WRITTEN = "ts-default";

    private final TailscaleSession session;
    private final String tailnet;
    private final KeyReader keys;
    private final PolicyText policyText = new PolicyText();

    private final LearntCapabilities capabilities;
    private volatile DeviceReader devices = new DeviceReader(true, false);

    /**
     * Prepares a connection; makes no call.
     *
     * @param clock for the life of access tokens and join keys
     * @throws ControlPlaneException.Rejected for settings that cannot work
     */
    public TailscaleControlPlane(HttpCore core, ControlPlaneSettings settings, Clock clock) {
        var http = core.open(settings, new TailscaleErrors());
        var tokens = switch (settings.credentials()) {
            case Credentials.OAuthClient client -> OAuthTokens.of(http, client, clock);
            case Credentials.WorkloadIdentity identity -> OAuthTokens.of(http, identity, clock);
            case Credentials.ApiKey apiKey -> BearerTokens.fixed(apiKey.key());
        };
        this.session = new TailscaleSession(http, tokens);
        this.tailnet = settings.tailnet();
        this.keys = new KeyReader(() -> session.there(clock.instant()));
        // Approval is assumed until it is known to be missing: Tailscale has it, and a device too few that counts as
        // authorized does less harm than one too many.
        var assumed = EnumSet.copyOf(CapabilityProbe.BASIC);
        assumed.add(Capability.DEVICE_APPROVAL);
        this.capabilities = new LearntCapabilities(assumed);
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities.known();
    }

    @Override
    public Optional<ClockSkew> clockSkew() {
        return session.clockSkew();
    }

    @Override
    public Set<Capability> detectCapabilities() {
        var found = new CapabilityProbe(session, tailnet).detect();
        var known = capabilities.learn(found.capabilities(), found.isOdd());
        devices = new DeviceReader(CapabilityProbe.isComplete(known), found.approvesAll());
        return known;
    }

    /**
     * In one call, with {@code fields=all}. The API knows {@code default} and {@code all} only; routes come with all alone,
     * and the document's list of the default fields lacks {@code tags} and {@code isEphemeral} as well, which older
     * documentation has in it. A device whose tags are merely not shown would look untagged, and its tags be set again: so
     * all fields are asked for, always. A service that does not know the parameter ignores it.
     */
    @Override
    public List<Device> devices(ListIntake intake) {
        return session.devices(
                HttpCall.of(
                        TailscaleOperations.LIST_DEVICES, tailnetPath("devices").query("fields", "all")),
                "devices",
                TailscaleMessages.DeviceJson.class,
                devices::read,
                intake);
    }

    @Override
    public List<Device> devices() {
        try (var intake = ListIntake.unlimited()) {
            return devices(intake);
        }
    }

    @Override
    public void setTags(String deviceId, Set<String> tags) {
        var sorted = tags.stream().sorted().toList();
        write(TailscaleOperations.SET_TAGS, deviceId, "tags", new TailscaleMessages.TagsJson(sorted));
    }

    @Override
    public void setName(String deviceId, String name) {
        if (name.isBlank()) {
            // The service would take it as "name it after its host name again".
            throw new ControlPlaneException.Rejected(0, "a device's name must not be blank");
        }
        write(TailscaleOperations.SET_NAME, deviceId, "name", new TailscaleMessages.NameJson(name));
    }

    /** Where devices need no approval, all of them are authorized: {@code true} is then done without a call. */
    @Override
    public void setAuthorized(String deviceId, boolean authorized) {
        if (!capabilities.known().contains(Capability.DEVICE_APPROVAL)) {
            if (!authorized) {
                throw new ControlPlaneException.NotSupported(Capability.DEVICE_APPROVAL);
            }
            return;
        }
        write(
                TailscaleOperations.SET_AUTHORIZED,
                deviceId,
                "authorized",
                new TailscaleMessages.AuthorizedJson(authorized));
    }

    @Override
    public void setKeyExpiryDisabled(String deviceId, boolean disabled) {
        require(disabled ? Capability.KEY_EXPIRY_DISABLE : Capability.KEY_EXPIRY_ENABLE);
        write(TailscaleOperations.SET_KEY, deviceId, "key", new TailscaleMessages.KeyExpiryJson(disabled));
    }

    @Override
    public DeviceRoutes routes(String deviceId) {
        return routes(session.send(HttpCall.of(TailscaleOperations.LIST_ROUTES, devicePath(deviceId, "routes"))));
    }

    @Override
    public DeviceRoutes setEnabledRoutes(String deviceId, Set<String> routes) {
        var sorted = routes.stream().sorted().toList();
        return routes(write(
                TailscaleOperations.SET_ROUTES, deviceId, "routes", new TailscaleMessages.EnabledRoutesJson(sorted)));
    }

    private DeviceRoutes routes(Answer answer) {
        var json = session.read(answer, TailscaleMessages.RoutesJson.class);
        return new DeviceRoutes(
                DeviceReader.sorted(json.advertisedRoutes()), DeviceReader.sorted(json.enabledRoutes()));
    }

    @Override
    public Optional<String> lastEditor(String deviceId, Instant since, Instant until) {
        require(Capability.AUDIT_LOG);
        var answer = session.send(HttpCall.of(
                TailscaleOperations.LIST_AUDIT_LOGS,
                tailnetPath("logging", "configuration")
                        .query("start", since.toString())
                        .query("end", until.toString())
                        .query("target", deviceId)));
        return AuditLogReader.lastEditor(session.read(answer, TailscaleMessages.AuditLogsJson.class), deviceId);
    }

    /** A device that is shared in from another tailnet ends in {@link ControlPlaneException.NotFound}: it is not ours. */
    @Override
    public void deleteDevice(String deviceId) {
        try {
            session.send(
                    HttpCall.of(TailscaleOperations.DELETE_DEVICE, RequestPath.of("api", "v2", "device", deviceId)));
        } catch (ControlPlaneException.NotFound e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    @Override
    public JoinKey createJoinKey(JoinKeyRequest request) {
        var answer = session.send(session.withJson(
                HttpCall.of(TailscaleOperations.CREATE_KEY, tailnetPath("keys")), keys.toJson(request)));
        return keys.created(session.read(answer, TailscaleMessages.KeyJson.class))
                .orElseThrow(() -> answer.unusable("it holds no key"));
    }

    @Override
    public List<JoinKey> joinKeys() {
        var answer = session.send(
                HttpCall.of(TailscaleOperations.LIST_KEYS, tailnetPath("keys").query("all", "true")));
        var listed = session.read(answer, TailscaleMessages.KeyListJson.class).keys();
        if (listed == null) {
            throw answer.unusable("it holds no list of keys");
        }
        return keys.joinKeys(listed);
    }

    @Override
    public void revokeJoinKey(String keyId) {
        try {
            session.send(HttpCall.of(TailscaleOperations.DELETE_KEY, tailnetPath("keys", keyId)));
        } catch (ControlPlaneException.NotFound e) {
            // gone already
        } catch (ControlPlaneException.Rejected e) {
            // The service's way of saying that it never made a key of that id.
            if (e.getMessage() == null || !e.getMessage().contains("invalid key ID")) {
                throw e;
            }
        }
    }

    /** Never empty: these services show their default policy until somebody writes one. */
    @Override
    public Optional<PolicyDocument> policy() {
        return Optional.of(document(session.send(
                HttpCall.of(TailscaleOperations.GET_POLICY, tailnetPath("acl")).withHeader("Accept", HUJSON))));
    }

    @Override
    public List<String> validatePolicy(String hujson) {
        require(Capability.POLICY_VALIDATE);
        // A text that does not parse may come back as 400 or as 200: the body has the reason either way.
        var answer = session.send(HttpCall.of(TailscaleOperations.VALIDATE_POLICY, tailnetPath("acl", "validate"))
                .withHeader("Accept", "application/json")
                .withBody(HUJSON, Buffer.buffer(hujson))
                .accepting(400));
        return new ValidationReader(session).findings(answer);
    }

    /**
     * Sends the policy with {@code If-Match}. The service compares and writes in one step; an answer that got lost shows
     * as a {@link ControlPlaneException.Conflict} on the next attempt, and reading the policy again settles it.
     */
    @Override
    public PolicyDocument publishPolicy(String hujson, PolicyPrecondition precondition) {
        policyText.requireContent(hujson);
        var etag = switch (precondition) {
            case PolicyPrecondition.Matches matches -> matches.etag();
            case PolicyPrecondition.NeverSet never -> NEVER_WRITTEN;
        };
        // As hujson even if it is plain JSON: sent as application/json, a comment in the first line is an error.
        return document(session.send(HttpCall.of(TailscaleOperations.SET_POLICY, tailnetPath("acl"))
                .withHeader("Accept", HUJSON)
                .withHeader("If-Match", '"' + etag + '"')
                .withBody(HUJSON, Buffer.buffer(hujson))));
    }

    private PolicyDocument document(Answer answer) {
        if (!policyText.isObject(answer.text())) {
            throw answer.unusable("it is not a policy, or only a part of one");
        }
        // Without it nothing could ever be published safely; a proxy that strips it has to be found now.
        var etag = answer.etag().orElseThrow(() -> answer.unusable("it has no ETag"));
        return new PolicyDocument(answer.text(), etag);
    }

    private Answer write(Operation operation, String deviceId, String field, Object body) {
        return session.send(session.withJson(HttpCall.of(operation, devicePath(deviceId, field)), body));
    }

    private void require(Capability capability) {
        if (!capabilities.known().contains(capability)) {
            throw new ControlPlaneException.NotSupported(capability);
        }
    }

    private static RequestPath devicePath(String deviceId, String field) {
        return RequestPath.of("api", "v2", "device", deviceId, field);
    }

    private RequestPath tailnetPath(String element) {
        return RequestPath.of("api", "v2", "tailnet", tailnet, element);
    }

    private RequestPath tailnetPath(String element, String more) {
        return RequestPath.of("api", "v2", "tailnet", tailnet, element, more);
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return "TailscaleControlPlane[" + session + ", tailnet=" + tailnet + "]";
    }
}
