package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.compile.Allowance;
import com.xonetwork.tailnet.policy.compile.Allowances;
import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.Group;
import com.xonetwork.tailnet.policy.model.HostAlias;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.IpSet;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.net.AddressSet;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyNode;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tailnet as the policies themselves make one expect it: a machine with each tag that they name, one of each user, one of
 * a user whom they do not name, and routers to all their addresses and to the internet, also one for each tag that they go
 * through. Enough to say of two policies what
 * changes between their selectors.
 */
final class ImaginedTopology {

    /** The machines need addresses that no policy names; TEST-NET-3 and the documentation prefix are nobody's. */
    private static final long FIRST_V4 = 0xCB007100L;

    private static final long FIRST_V6 = 0x20010DB8_00000000L;

    private final Set<String> tags = new TreeSet<>();
    private final Set<String> logins = new TreeSet<>();
    private final Set<String> roles = new TreeSet<>();
    private final Set<String> routers = new TreeSet<>(Set.of("router"));
    private final Set<IpPrefix> prefixes = new LinkedHashSet<>();

    private ImaginedTopology() {}

    static Topology of(List<Policy> policies) {
        ImaginedTopology imagined = new ImaginedTopology();
        policies.forEach(imagined::read);
        return imagined.topology();
    }

    private void read(Policy policy) {
        tags.addAll(policy.tagOwners().keySet());
        for (Allowance allowance : Allowances.of(policy)) {
            allowance.sources().forEach(this::read);
            allowance.targets().forEach(target -> read(target.selector()));
            routers.addAll(allowance.via());
        }
        for (Group group : policy.groups().values()) {
            group.members().stream().map(Located::value).forEach(this::read);
        }
        for (HostAlias host : policy.hosts().values()) {
            host.value().ifPresent(prefixes::add);
        }
        for (IpSet set : policy.ipsets().values()) {
            set.steps().forEach(step -> read(step.value().target()));
        }
    }

    private void read(Selector selector) {
        switch (selector) {
            case Selector.Tag tag -> tags.add(tag.name());
            case Selector.User user -> logins.add(user.login());
            case Selector.UserDomain domain -> logins.add("anybody@" + domain.domain());
            case Selector.Address address ->
                prefixes.add(new IpPrefix(address.address(), address.address().width()));
            case Selector.Prefix prefix -> prefixes.add(prefix.prefix().masked());
            case Selector.Range range ->
                prefixes.addAll(AddressSet.ofRanges(List.of(range.range())).prefixes());
            case Selector.AutogroupName name ->
                name.group()
                        .filter(group -> group.isRole() && group != Autogroup.MEMBER)
                        .ifPresent(group -> roles.add(group.spelling()));
            case Selector.Wildcard ignored -> {}
            case Selector.Group ignored -> {}
            case Selector.Host ignored -> {}
            case Selector.IpSetName ignored -> {}
            case Selector.Service ignored -> {}
        }
    }

    private Topology topology() {
        List<TopologyUser> users = new ArrayList<>();
        logins.forEach(login -> users.add(new TopologyUser("", login, login, TopologyUser.MEMBER)));
        roles.forEach(role -> users.add(new TopologyUser("", "any " + role, "", role)));
        users.add(new TopologyUser("", "any other user", "", TopologyUser.MEMBER));
        List<TopologyNode> nodes = new ArrayList<>();
        tags.forEach(tag -> nodes.add(node(nodes.size(), tag, "", List.of(tag), List.of())));
        users.forEach(user -> nodes.add(node(nodes.size(), user.name(), user.name(), List.of(), List.of())));
        List<IpPrefix> routes = new ArrayList<>(prefixes);
        routes.add(IpPrefix.of("0.0.0.0/0"));
        routes.add(IpPrefix.of("::/0"));
        routers.forEach(tag -> nodes.add(node(nodes.size(), "any " + tag, "", List.of(tag), routes)));
        return new Topology(users, nodes);
    }

    private static TopologyNode node(int number, String name, String user, List<String> tags, List<IpPrefix> routes) {
        List<IpAddress> addresses = List.of(IpAddress.v4(FIRST_V4 + number), IpAddress.v6(FIRST_V6, number));
        return new TopologyNode(name, user, tags, addresses, routes, routes, Map.of());
    }
}
