package com.xonetwork.tailnet.policy.topology;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Users and machines of one tailnet.
 *
 * @param users in the order in which they came to the tailnet; the service writes SSH rules per user in this order
 * @param nodes with different names
 */
public record Topology(List<TopologyUser> users, List<TopologyNode> nodes) {

    public static final Topology EMPTY = new Topology(List.of(), List.of());

    /** @throws TopologyException if two users or two nodes have one name, or a node belongs to a user that is not there */
    public Topology {
        users = List.copyOf(users);
        nodes = List.copyOf(nodes);
        Set<String> userNames = new HashSet<>();
        for (TopologyUser user : users) {
            if (!userNames.add(user.name())) {
                throw new TopologyException("users: two have the name \"" + user.name() + "\"");
            }
        }
        Set<String> nodeNames = new HashSet<>();
        for (TopologyNode node : nodes) {
            if (!nodeNames.add(node.name())) {
                throw new TopologyException("nodes: two have the name \"" + node.name() + "\"");
            }
            if (!node.user().isEmpty() && !userNames.contains(node.user())) {
                throw new TopologyException("nodes." + node.name() + ".user: there is no user \"" + node.user() + "\"");
            }
        }
    }

    public Optional<TopologyNode> node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
    }
}
