package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.Port;
import com.xonetwork.tailnet.controlplane.Ports;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Headscale's API v1 (0.29). Differences to the ports' ideal, all told by {@link #capabilities()}:
 *
 * <ul>
 *   <li>no device approval: authorizing is done already, taking it back is not supported;
 *   <li>key expiry can be switched off, not on again, because no earlier date is kept;
 *   <li>no ETag: the policy is compared by us, with a small gap before the write;
 *   <li>no audit log: nobody tells who changed a device.
 * </ul>
 *
 * <p>Keys have no description. Their mark is in the expiry ({@link com.xonetwork.tailnet.controlplane.JoinKeyMark}), and {@link
 * com.xonetwork.tailnet.controlplane.JoinKey#description()} is always empty.
 */
public final class HeadscaleAdapter implements ControlPlane {

    private final HeadscaleSession session;
    private final JoinKeys joinKeys;
    private volatile Ports ports;

    /**
     * Prepares a connection; makes no call.
     *
     * @param clock for the expiry of join keys, which is corrected by how far the server's is off
     * @throws ControlPlaneException.Rejected for settings that cannot work
     */
    public HeadscaleAdapter(HttpCore core, ControlPlaneSettings settings, Clock clock) {
        this.session = HeadscaleSession.open(core, settings);
        this.joinKeys = new HeadscaleJoinKeys(session, () -> session.there(clock.instant()));
        this.ports = offered(HeadscaleProbe.BASIC);
    }

    /** Of a server of which so much was found. */
    private Ports offered(Set<Capability> found) {
        return new Ports(
                found,
                List.of(
                        new HeadscaleDevices(session, found),
                        joinKeys,
                        new HeadscalePolicyFile(session, found.contains(Capability.POLICY_VALIDATE))));
    }

    @Override
    public <P extends Port> Optional<P> port(Class<P> port) {
        return ports.find(port);
    }

    @Override
    public Set<Capability> capabilities() {
        return ports.capabilities();
    }

    @Override
    public Optional<ClockSkew> clockSkew() {
        return session.clockSkew();
    }

    @Override
    public Set<Capability> detectCapabilities() {
        var now = offered(new HeadscaleProbe(session).detect());
        ports = now;
        return now.capabilities();
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return "HeadscaleAdapter[" + session + "]";
    }
}
