package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.status.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One node that routes lead through, as the snapshot shows its device.
 *
 * @param node name of the TailnetNode
 * @param exists whether there is a TailnetNode of that name
 * @param device null when no single device stands for the node
 * @param wanted all that SubnetRoutes and ExitNodes want of it together
 * @param forwardingOff the control plane reported that the machine does not forward packets
 */
public record Router(
        String node, boolean exists, @Nullable Device device, RouteIntents.Wanted wanted, boolean forwardingOff) {

    /** Why something is not so, and what to do. */
    public record Trouble(Reason reason, String message) {}

    /** What keeps a node from being a router at all. */
    public Optional<Trouble> absent() {
        if (!exists) {
            return Optional.of(new Trouble(
                    Reason.NODE_NOT_FOUND,
                    "there is no TailnetNode " + node + " of this Tailnet: create it, or correct the name"));
        }
        return device == null
                ? Optional.of(new Trouble(
                        Reason.DEVICE_NOT_FOUND,
                        "no device stands for TailnetNode " + node + "; see its condition Joined"))
                : Optional.empty();
    }

    /** What keeps a node from carrying anything, whatever its routes are. */
    public Optional<Trouble> cannotCarry(Instant now) {
        if (device == null) {
            return absent();
        }
        if (device.keyExpired(now)) {
            return Optional.of(new Trouble(
                    Reason.KEY_EXPIRED,
                    "the node key of " + node + " expired at " + device.expires() + ": log in again there"));
        }
        if (!device.authorized()) {
            return Optional.of(new Trouble(
                    Reason.WAITING_FOR_APPROVAL, "device " + node + " waits for approval; see TailnetNode " + node));
        }
        if (!device.connected()) {
            return Optional.of(new Trouble(Reason.OFFLINE, node + " is not connected to the control plane"));
        }
        return Optional.empty();
    }

    /** What makes it doubtful that it carries anything: the report is never taken back, so nothing is decided on it. */
    public Optional<Trouble> doubt() {
        return forwardingOff
                ? Optional.of(new Trouble(
                        Reason.IP_FORWARDING_OFF,
                        "the control plane reported within the last day that " + node
                                + " does not forward packets: see that net.ipv4.ip_forward=1 and"
                                + " net.ipv6.conf.all.forwarding=1 are set there (sysctl), also for the next boot"))
                : Optional.empty();
    }

    /** Those of the networks that the device does not offer. */
    public SortedSet<String> notAdvertised(SortedSet<String> networks) {
        return lacking(networks, device == null ? new TreeSet<>() : device.advertisedRoutes());
    }

    /** Those of the networks that are not approved for the device. */
    public SortedSet<String> notApproved(SortedSet<String> networks) {
        return lacking(networks, device == null ? new TreeSet<>() : device.enabledRoutes());
    }

    private static SortedSet<String> lacking(SortedSet<String> networks, SortedSet<String> present) {
        var lacking = new TreeSet<>(networks);
        lacking.removeAll(Network.canonical(present));
        return lacking;
    }

    /**
     * The line to run on the machine. It replaces all that the machine offers, so it names all that is wanted of it and what
     * it offers already; {@code tailscale set} leaves the offer to be an exit node as it is.
     */
    public String advertiseCommand() {
        var all = new TreeSet<>(wanted.subnets());
        if (device != null) {
            all.addAll(Network.canonical(device.advertisedRoutes()));
        }
        all.removeAll(RouteIntents.EXIT_ROUTES);
        return "tailscale set --advertise-routes=" + String.join(",", all);
    }
}
