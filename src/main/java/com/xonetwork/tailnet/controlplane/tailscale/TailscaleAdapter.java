package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.LearntCapabilities;
import com.xonetwork.tailnet.controlplane.Port;
import com.xonetwork.tailnet.controlplane.Ports;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Tailscale API v2, and services that speak a part of it (Headscale from 0.30).
 *
 * <p>Until {@link #detectCapabilities()} was called, it counts as Tailscale's own for reading devices, and offers only
 * what every such service has. Errors are those of {@link Port}; {@link ControlPlaneException.Forbidden} names
 * the OAuth scope from the API document.
 */
public final class TailscaleAdapter implements ControlPlane {

    private final TailscaleSession session;
    private final TailnetPath tailnet;
    private final JoinKeys joinKeys;
    private final LearntCapabilities learnt;

    /**
     * Prepares a connection; makes no call.
     *
     * @param clock for the life of access tokens and join keys
     * @throws ControlPlaneException.Rejected for settings that cannot work
     */
    public TailscaleAdapter(HttpCore core, ControlPlaneSettings settings, Clock clock) {
        var http = core.open(settings, new TailscaleErrors());
        var tokens = switch (settings.credentials()) {
            case Credentials.OAuthClient client -> OAuthTokens.of(http, client, clock);
            case Credentials.WorkloadIdentity identity -> OAuthTokens.of(http, identity, clock);
            case Credentials.ApiKey apiKey -> BearerTokens.fixed(apiKey.key());
        };
        this.session = new TailscaleSession(http, tokens);
        this.tailnet = new TailnetPath(settings.tailnet());
        this.joinKeys = new TailscaleJoinKeys(session, tailnet, new KeyReader(() -> session.there(clock.instant())));
        // Approval is assumed until it is known to be missing: Tailscale has it, and a device too few that counts as
        // authorized does less harm than one too many.
        var assumed = EnumSet.copyOf(CapabilityProbe.BASIC);
        assumed.add(Capability.DEVICE_APPROVAL);
        this.learnt = new LearntCapabilities(offered(assumed, new DeviceReader(true, false)));
    }

    /** Of a service of which so much was found. */
    private Ports offered(Set<Capability> found, DeviceReader reader) {
        var isComplete = CapabilityProbe.isComplete(found);
        var ports = new ArrayList<Port>(List.of(
                new TailscaleDevices(session, tailnet, reader, found),
                joinKeys,
                new TailscalePolicyFile(session, tailnet, found.contains(Capability.POLICY_VALIDATE))));
        if (isComplete) {
            ports.add(new TailscaleAuditLog(session, tailnet));
        }
        return new Ports(found, ports);
    }

    @Override
    public <P extends Port> Optional<P> port(Class<P> port) {
        return learnt.known().find(port);
    }

    @Override
    public Set<Capability> capabilities() {
        return learnt.known().capabilities();
    }

    @Override
    public Optional<ClockSkew> clockSkew() {
        return session.clockSkew();
    }

    @Override
    public Set<Capability> detectCapabilities() {
        var found = new CapabilityProbe(session, tailnet).detect();
        var reader = new DeviceReader(CapabilityProbe.isComplete(found.capabilities()), found.approvesAll());
        return learnt.learn(offered(found.capabilities(), reader), found.isOdd())
                .capabilities();
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return "TailscaleAdapter[" + session + ", tailnet=" + tailnet.tailnet() + "]";
    }
}
