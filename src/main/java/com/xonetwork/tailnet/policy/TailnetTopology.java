package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyNode;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import com.xonetwork.tailnet.pure.Pure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The devices of a tailnet as the policy engine wants them. Users are known by their devices alone: neither their
 * roles nor those who have no device. Devices that are shared in are another tailnet's and left out.
 */
@Pure
final class TailnetTopology {

    private TailnetTopology() {}

    static Topology of(Collection<Device> devices) {
        var own = devices.stream().filter(device -> !device.external()).toList();
        var users = own.stream()
                .map(Device::user)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .map(TailnetTopology::user)
                .toList();
        var names = new HashSet<String>();
        return new Topology(
                users, own.stream().map(device -> node(device, names)).toList());
    }

    private static TopologyUser user(String login) {
        return new TopologyUser("", login, login, "");
    }

    private static TopologyNode node(Device device, Set<String> names) {
        // The services keep names unique; one that does not shall not end in an exception here.
        var name = names.add(device.name()) ? device.name() : device.name() + " " + device.id();
        return new TopologyNode(
                name,
                Optional.ofNullable(device.user()).orElse(""),
                List.copyOf(device.tags()),
                addresses(device.addresses()),
                prefixes(device.advertisedRoutes()),
                prefixes(device.enabledRoutes()),
                device.os().isEmpty() ? Map.of() : Map.of("node:os", device.os().toLowerCase(Locale.ROOT)));
    }

    /** One of each family: the engine knows no more. */
    private static List<IpAddress> addresses(List<String> texts) {
        var families = new HashSet<Boolean>();
        return texts.stream()
                .flatMap(text -> IpAddress.parse(text).stream())
                .filter(address -> families.add(address.v6()))
                .toList();
    }

    private static List<IpPrefix> prefixes(SortedSet<String> texts) {
        return texts.stream().flatMap(text -> IpPrefix.parse(text).stream()).toList();
    }

    /** With the users whom a policy names and who have no device: they exist all the same. */
    static Topology withUsersOf(JsonNode policy, Topology topology, PolicySyntax syntax) {
        var logins = new TreeSet<String>();
        collect(policy, logins, syntax);
        topology.users().forEach(user -> {
            logins.remove(user.email());
            logins.remove(user.name() + "@");
        });
        var users = new ArrayList<>(topology.users());
        var known = new HashSet<String>();
        users.forEach(user -> known.add(user.name()));
        logins.stream().filter(known::add).map(TailnetTopology::user).forEach(users::add);
        return new Topology(users, topology.nodes());
    }

    /** Also with what follows the last colon cut off: a destination has ports. */
    private static void collect(JsonNode json, Set<String> logins, PolicySyntax syntax) {
        if (json.isTextual()) {
            var text = json.textValue();
            var colon = text.lastIndexOf(':');
            for (var name : colon < 0 ? List.of(text) : List.of(text, text.substring(0, colon))) {
                if (syntax.selector(name) instanceof Selector.User user) {
                    logins.add(user.login());
                }
            }
        }
        json.forEach(inner -> collect(inner, logins, syntax));
    }
}
