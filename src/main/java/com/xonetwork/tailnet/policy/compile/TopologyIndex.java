package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.IpRange;
import com.xonetwork.tailnet.policy.net.AddressSet;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyNode;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A topology with its nodes numbered, so that a set of nodes is a {@link BitSet} and a question about 5,000 nodes is a
 * walk over 80 words. The bit sets and lists are shared: nobody changes them.
 */
public final class TopologyIndex {

    private final Topology topology;
    private final Map<String, BitSet> byTag = new HashMap<>();
    private final BitSet[] byUser;
    private final int[] users;
    private final BitSet all = new BitSet();
    private final BitSet tagged = new BitSet();
    private final BitSet untagged = new BitSet();
    private final BitSet exits = new BitSet();
    private final BitSet routers = new BitSet();
    private final List<List<IpRange>> routes = new ArrayList<>();
    private final List<String> routeTexts;
    private final TreeMap<IpAddress, Integer> owners = new TreeMap<>();
    /** Texts of all addresses, sorted as texts, as the service sorts them. */
    private final String[] ranked;
    /** By node: the ranks of its addresses, IPv4 first. */
    private final int[][] ranks;
    /** By node: its addresses as texts, IPv4 first. */
    private final List<List<String>> textsOf = new ArrayList<>();

    public TopologyIndex(Topology topology) {
        this.topology = topology;
        List<TopologyNode> nodes = topology.nodes();
        Map<String, Integer> userNumbers = new HashMap<>();
        topology.users().forEach(user -> userNumbers.put(user.name(), userNumbers.size()));
        byUser = new BitSet[userNumbers.size()];
        Arrays.setAll(byUser, user -> new BitSet());
        users = new int[nodes.size()];
        TreeSet<String> approved = new TreeSet<>();
        TreeSet<String> texts = new TreeSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            int number = i;
            TopologyNode node = nodes.get(i);
            all.set(i);
            (node.isTagged() ? tagged : untagged).set(i);
            for (String tag : node.tags()) {
                byTag.computeIfAbsent(tag, t -> new BitSet()).set(i);
            }
            users[i] = node.user().isEmpty() ? -1 : userNumbers.getOrDefault(node.user(), -1);
            if (users[i] >= 0) {
                byUser[users[i]].set(i);
            }
            List<String> own =
                    node.addresses().stream().map(IpAddress::toString).toList();
            node.addresses().forEach(address -> owners.put(address, number));
            texts.addAll(own);
            textsOf.add(own);
            List<IpPrefix> subnets = node.subnetRoutes();
            routes.add(subnets.stream().map(IpPrefix::range).toList());
            subnets.forEach(route -> approved.add(AddressSet.text(route.range())));
            if (!subnets.isEmpty()) {
                routers.set(i);
            }
            if (node.isExitNode()) {
                exits.set(i);
            }
        }
        routeTexts = List.copyOf(approved);
        ranked = texts.toArray(new String[0]);
        ranks = new int[nodes.size()][];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = textsOf.get(i).stream()
                    .mapToInt(text -> Arrays.binarySearch(ranked, text))
                    .toArray();
        }
    }

    public Topology topology() {
        return topology;
    }

    public int size() {
        return ranks.length;
    }

    public TopologyNode node(int node) {
        return topology.nodes().get(node);
    }

    /** The number of the user of a node in {@link Topology#users()}; -1 for a tagged node. */
    public int userOf(int node) {
        return users[node];
    }

    /** The untagged nodes of a user. */
    public BitSet nodesOf(int user) {
        return byUser[user];
    }

    /** The untagged nodes of all users of whom this is true. */
    BitSet nodesOfUsers(java.util.function.Predicate<TopologyUser> condition) {
        BitSet nodes = new BitSet();
        for (int user = 0; user < byUser.length; user++) {
            if (condition.test(topology.users().get(user))) {
                nodes.or(byUser[user]);
            }
        }
        return nodes;
    }

    BitSet withTag(String tag) {
        return byTag.getOrDefault(tag, new BitSet());
    }

    public BitSet all() {
        return all;
    }

    BitSet tagged() {
        return tagged;
    }

    BitSet untagged() {
        return untagged;
    }

    /** Nodes that offer the internet. */
    public BitSet exits() {
        return exits;
    }

    /** Nodes with a subnet route. */
    public BitSet routers() {
        return routers;
    }

    /** The subnets that are reached through a node. */
    public List<IpRange> routesOf(int node) {
        return routes.get(node);
    }

    /** All subnet routes of the tailnet, in the service's order and spelling. */
    List<String> routeTexts() {
        return routeTexts;
    }

    /** The nodes that have one of these addresses. */
    public BitSet withAddressIn(AddressSet addresses) {
        BitSet nodes = new BitSet();
        for (IpRange range : addresses.ranges()) {
            owners.subMap(range.first(), true, range.last(), true).values().forEach(nodes::set);
        }
        return nodes;
    }

    String rankedText(int rank) {
        return ranked[rank];
    }

    /** The addresses of a node, IPv4 first. */
    List<String> textsOf(int node) {
        return textsOf.get(node);
    }

    int[] ranksOf(int node) {
        return ranks[node];
    }
}
