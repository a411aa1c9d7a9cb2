package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.policy.compile.Allowances;
import com.xonetwork.tailnet.policy.compile.Selectors;
import com.xonetwork.tailnet.policy.compile.TopologyIndex;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyNode;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A tailnet with a machine for every tag, user and address that rules name and nobody has: a promise about {@code tag:db}
 * shall not hold because the first database comes tomorrow.
 */
final class StandIns {

    /** TEST-NET-3 (RFC 5737) is nobody's. */
    private static final long FIRST = 0xCB007100L;

    private final List<TopologyUser> users;
    private final List<TopologyNode> nodes;
    private final Set<String> names = new HashSet<>();

    private StandIns(Topology topology) {
        users = new ArrayList<>(topology.users());
        nodes = new ArrayList<>(topology.nodes());
        nodes.forEach(node -> names.add(node.name()));
    }

    static Topology in(Topology topology, Policy rules) {
        var index = new TopologyIndex(topology);
        var selectors = new Selectors(rules, index);
        var standIns = new StandIns(topology);
        for (var allowance : Allowances.of(rules)) {
            for (var selector : allowance.sources()) {
                standIns.add(selector, selectors, rules);
            }
            for (var target : allowance.targets()) {
                standIns.add(target.selector(), selectors, rules);
            }
        }
        return new Topology(standIns.users, standIns.nodes);
    }

    private void add(Selector selector, Selectors selectors, Policy rules) {
        if (!selectors.nodes(selector).isEmpty()) {
            return;
        }
        switch (selector) {
            case Selector.Tag tag -> add("", List.of(tag.name()), nobodys(), tag.name());
            case Selector.User user -> add(user.login());
            case Selector.Group group ->
                rules.membersOf(group.name()).stream()
                        .map(member -> member.value())
                        .filter(Selector.User.class::isInstance)
                        .findFirst()
                        .ifPresent(member -> add(member.text()));
            case Selector.Address address -> addAt(address.address(), address.text());
            case Selector.Prefix prefix -> addAt(prefix.prefix().masked().address(), prefix.text());
            case Selector.Host host ->
                rules.host(host.name())
                        .ifPresent(prefix -> addAt(prefix.masked().address(), host.text()));
            default -> {}
        }
    }

    private void add(String login) {
        var user = users.stream()
                .filter(one -> Selectors.isUser(one, login))
                .findFirst()
                .orElseGet(() -> {
                    var one = new TopologyUser("", login, login, "");
                    users.add(one);
                    return one;
                });
        add(user.name(), List.of(), nobodys(), login);
    }

    /** Untagged it would be some user's, and among all members. */
    private void addAt(IpAddress address, String whose) {
        add("", List.of(whose), address, whose);
    }

    private void add(String user, List<String> tags, IpAddress address, String whose) {
        var name = "a machine of " + whose;
        if (names.add(name)) {
            nodes.add(new TopologyNode(name, user, tags, List.of(address), List.of(), List.of(), Map.of()));
        }
    }

    private IpAddress nobodys() {
        return IpAddress.v4(FIRST + nodes.size() % 256);
    }
}
