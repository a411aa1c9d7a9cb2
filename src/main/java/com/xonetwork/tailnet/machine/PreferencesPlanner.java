package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.Adoption;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodePreferences;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher.Match;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.route.Network;
import com.xonetwork.tailnet.route.RouteIntents;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Works out what a machine's tailscaled must be set to. */
@Pure
public final class PreferencesPlanner {

    private PreferencesPlanner() {}

    /**
     * @param matches classes of the node; none while it has no device
     * @param wanted what SubnetRoutes and ExitNodes want of it
     * @param device null while there is none
     * @param keepUnmanaged routes that the machine advertises though nobody declares them stay advertised
     * @param exits the ExitNode of a name, in the node's namespace
     * @return empty for a node whose machine the operator does not set
     */
    public static Optional<Preferences> plan(
            TailnetNode node,
            List<Match> matches,
            RouteIntents.Wanted wanted,
            @Nullable Device device,
            boolean keepUnmanaged,
            Function<String, Optional<ExitNode>> exits) {
        var spec = node.getSpec();
        if ((spec.ssh() == null && spec.cloudInit() == null) || spec.hostname() == null) {
            return Optional.empty();
        }
        var said = Stream.concat(
                        Stream.ofNullable(spec.preferences()),
                        matches.stream()
                                .map(match -> match.nodeClass().getSpec().preferences())
                                .filter(Objects::nonNull))
                .toList();
        var declaresExit = wanted.approved().containsAll(RouteIntents.EXIT_ROUTES);
        var exit = exit(
                node, first(said, NodePreferences::exitNode), declaresExit, keepsExit(device, keepUnmanaged), exits);
        var lan = first(said, NodePreferences::exitNodeAllowLanAccess);
        var usesExit = exit.address() != null && !exit.address().isEmpty();
        return Optional.of(new Preferences(
                spec.hostname(),
                routes(wanted, device, keepUnmanaged),
                declaresExit,
                keepUnmanaged,
                exit.address(),
                lan == null && usesExit ? Boolean.TRUE : lan,
                first(said, NodePreferences::acceptRoutes),
                first(said, NodePreferences::acceptDns),
                first(said, NodePreferences::ssh),
                Optional.ofNullable(first(said, NodePreferences::adopt)).orElse(Adoption.PLAN),
                exit.note()));
    }

    /** Whether the machine offers itself as an exit node, and goes on to. */
    private static boolean keepsExit(@Nullable Device device, boolean keepUnmanaged) {
        return keepUnmanaged
                && device != null
                && Network.canonical(device.advertisedRoutes()).containsAll(RouteIntents.EXIT_ROUTES);
    }

    private static <T> @Nullable T first(List<NodePreferences> said, Function<NodePreferences, @Nullable T> field) {
        return said.stream()
                .flatMap(preferences -> Stream.ofNullable(field.apply(preferences)))
                .findFirst()
                .orElse(null);
    }

    /** What is declared; and, where all else goes, of what the machine offers by itself that which is not decided. */
    private static SortedSet<String> routes(
            RouteIntents.Wanted wanted, @Nullable Device device, boolean keepUnmanaged) {
        var routes = new TreeSet<>(wanted.subnets());
        if (device != null && !keepUnmanaged) {
            var kept = new TreeSet<>(wanted.undecided());
            kept.retainAll(Network.canonical(device.advertisedRoutes()));
            routes.addAll(kept);
        }
        return routes;
    }

    /** @param address null where it is not said, empty for none */
    private record Exit(@Nullable String address, @Nullable String note) {}

    private static Exit exit(
            TailnetNode node,
            @Nullable String name,
            boolean declaresExit,
            boolean keepsExit,
            Function<String, Optional<ExitNode>> exits) {
        var isNamed = name != null && !name.equals(NodePreferences.NO_EXIT_NODE);
        if (declaresExit) {
            return new Exit(
                    "",
                    isNamed
                            ? "it is an exit node itself, so it does not use ExitNode " + name
                                    + ": Tailscale allows one only"
                            : null);
        }
        if (name == null || !isNamed) {
            return new Exit(name == null ? null : "", null);
        }
        if (keepsExit) {
            return new Exit(
                    null,
                    "it offers itself as an exit node, though no ExitNode names it, so it does not use ExitNode " + name
                            + ": Tailscale allows one only. To have it use one, run on it: tailscale set --advertise-exit-node=false");
        }
        var found = exits.apply(name)
                .filter(exit ->
                        exit.getSpec().tailnetRef().equals(node.getSpec().tailnetRef()));
        if (found.isEmpty()) {
            return new Exit(
                    "",
                    "there is no ExitNode " + name + " of this Tailnet, so the machine uses no exit node. Create it, or"
                            + " correct preferences.exitNode");
        }
        var status = found.get().getStatus();
        var active = status == null ? null : status.active();
        return active == null || active.address() == null
                ? new Exit("", "ExitNode " + name + " has no active candidate, so the machine uses no exit node")
                : new Exit(active.address(), null);
    }
}
