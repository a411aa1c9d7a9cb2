package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodePreferences;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher.Match;
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

/** Works out what a machine's tailscaled must be set to. Pure. */
public final class PreferencesPlanner {

    private PreferencesPlanner() {}

    /**
     * @param matches classes of the node; none while it has no device
     * @param wanted what SubnetRoutes and ExitNodes want of it
     * @param device null while there is none
     * @param keepUnmanaged routes that are approved though nobody declares them stay advertised
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
        var advertisesExit = wanted.approved().containsAll(RouteIntents.EXIT_ROUTES);
        var exit = exit(node, first(said, NodePreferences::exitNode), advertisesExit, exits);
        return Optional.of(new Preferences(
                spec.hostname(),
                routes(wanted, device, keepUnmanaged),
                advertisesExit,
                exit.address(),
                Optional.ofNullable(first(said, NodePreferences::exitNodeAllowLanAccess))
                        .orElse(true),
                Optional.ofNullable(first(said, NodePreferences::acceptRoutes)).orElse(false),
                Optional.ofNullable(first(said, NodePreferences::acceptDns)).orElse(true),
                Optional.ofNullable(first(said, NodePreferences::ssh)).orElse(false),
                exit.note()));
    }

    private static <T> @Nullable T first(List<NodePreferences> said, Function<NodePreferences, @Nullable T> field) {
        return said.stream()
                .flatMap(preferences -> Stream.ofNullable(field.apply(preferences)))
                .findFirst()
                .orElse(null);
    }

    /** What is declared; and of what the machine offers by itself that which stays approved, or is not decided. */
    private static SortedSet<String> routes(
            RouteIntents.Wanted wanted, @Nullable Device device, boolean keepUnmanaged) {
        var routes = new TreeSet<>(wanted.subnets());
        if (device != null) {
            var kept = new TreeSet<>(wanted.undecided());
            if (keepUnmanaged) {
                kept.addAll(Network.canonical(device.enabledRoutes()));
            }
            kept.retainAll(Network.canonical(device.advertisedRoutes()));
            kept.removeAll(RouteIntents.EXIT_ROUTES);
            routes.addAll(kept);
        }
        return routes;
    }

    private record Exit(@Nullable String address, @Nullable String note) {}

    private static Exit exit(
            TailnetNode node,
            @Nullable String name,
            boolean advertisesExit,
            Function<String, Optional<ExitNode>> exits) {
        if (name == null) {
            return new Exit(null, null);
        }
        if (advertisesExit) {
            return new Exit(
                    null,
                    "it is an exit node itself, so it does not use ExitNode " + name + ": Tailscale allows one only");
        }
        var found = exits.apply(name)
                .filter(exit ->
                        exit.getSpec().tailnetRef().equals(node.getSpec().tailnetRef()));
        if (found.isEmpty()) {
            return new Exit(null, "there is no ExitNode " + name + " of this Tailnet: it goes out directly");
        }
        var status = found.get().getStatus();
        var active = status == null ? null : status.active();
        return active == null || active.address() == null
                ? new Exit(null, "ExitNode " + name + " has no active candidate: it goes out directly")
                : new Exit(active.address(), null);
    }
}
