package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.compile.Allowance.Target;
import com.xonetwork.tailnet.policy.compile.FilterRule.CapabilityGrant;
import com.xonetwork.tailnet.policy.compile.FilterRule.Destination;
import com.xonetwork.tailnet.policy.compile.Selection.Kind;
import com.xonetwork.tailnet.policy.model.IpRange;
import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.Protocol;
import com.xonetwork.tailnet.policy.net.AddressSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The packet filters of all nodes. What is common to nodes is found once; a node's own filter is made when it is asked for.
 *
 * <p>Rules with the same sources and protocol are one rule, at the place of the first of them in the policy, whether or not
 * that one concerns the node (acl-at06). Their destinations are strung together, repetitions and all (acl-mr04). Rules
 * about capabilities stay apart (grant-g1).
 */
final class PacketFilters {

    private final TopologyIndex index;
    private final Reachable reachable;
    private final Sources sources;
    private final List<Line> lines = new ArrayList<>();

    /**
     * @param sources for {@code autogroup:self} by user, else under -1
     * @param receivers the nodes in whose filters it may be
     */
    private record Line(Allowance allowance, Map<Integer, From> sources, List<Goal> goals, BitSet receivers) {}

    /** @param place of the rule that it is part of */
    private record From(List<String> texts, int place) {}

    /** By the list itself: {@link Sources} has one for all equal ones, and some have thousands of addresses. */
    private static final class Places {

        private final Map<List<String>, Map<Optional<Protocol>, Integer>> byTexts = new IdentityHashMap<>();

        From first(List<String> texts, Optional<Protocol> protocol, int place) {
            var before =
                    byTexts.computeIfAbsent(texts, unused -> new HashMap<>()).putIfAbsent(protocol, place);
            return new From(texts, before == null ? place : before);
        }
    }

    /** A rule of one node as it grows. */
    private record Traffic(From from, Allowance allowance, List<Destination> to) {
        Traffic(From from, Allowance allowance) {
            this(from, allowance, new ArrayList<>());
        }
    }

    private record Goal(Selection selection, BitSet receivers, List<PortRange> ports) {}

    PacketFilters(List<Allowance> allowances, TopologyIndex index, Selectors selectors, Sources sources) {
        this.index = index;
        this.sources = sources;
        this.reachable = new Reachable(index);
        Places places = new Places();
        for (Allowance allowance : allowances) {
            lines.add(allowance.isSelf() ? selfLine(allowance, places) : line(allowance, selectors, places));
        }
    }

    private From from(Allowance allowance, List<String> texts, Places places) {
        int place = lines.size();
        return allowance.isTraffic() ? places.first(texts, allowance.protocol(), place) : new From(texts, place);
    }

    private Line line(Allowance allowance, Selectors selectors, Places places) {
        List<String> from = sources.texts(allowance.sources(), allowance.postures());
        List<Goal> goals = new ArrayList<>();
        BitSet receivers = new BitSet();
        for (Target target : allowance.targets()) {
            Selection selection = selectors.select(target.selector());
            BitSet reached =
                    allowance.isTraffic() ? reachable.receivers(selection) : selectors.nodes(target.selector());
            if (!allowance.via().isEmpty()) {
                reached = through(allowance.via(), selection, reached);
            }
            goals.add(new Goal(selection, reached, target.ports()));
            receivers.or(reached);
        }
        // Traffic from nobody is no rule (acl-u10), a capability for nobody is one (grant-h6).
        boolean idle = from.isEmpty() && allowance.isTraffic();
        return new Line(allowance, Map.of(-1, from(allowance, from, places)), goals, idle ? new BitSet() : receivers);
    }

    /** Only routers with one of the tags lead there; {@code *} is what they route. */
    private BitSet through(List<String> via, Selection selection, BitSet reached) {
        BitSet routers = new BitSet();
        via.forEach(tag -> routers.or(index.withTag(tag)));
        routers.and(reached);
        if (selection.kind() == Kind.WILDCARD) {
            BitSet routing = (BitSet) index.routers().clone();
            routing.or(index.exits());
            routers.and(routing);
        }
        return routers;
    }

    /** For every user another rule: between their devices, of which the rule's sources may leave some out. */
    private Line selfLine(Allowance allowance, Places places) {
        BitSet from = sources.nodes(allowance.sources(), allowance.postures());
        Map<Integer, From> byUser = new HashMap<>();
        BitSet receivers = new BitSet();
        for (int user = 0; user < index.topology().users().size(); user++) {
            BitSet own = (BitSet) index.nodesOf(user).clone();
            own.and(from);
            if (!own.isEmpty()) {
                byUser.put(user, from(allowance, sources.texts(own), places));
                receivers.or(index.nodesOf(user));
            }
        }
        List<Goal> goals = allowance.targets().stream()
                .map(target -> new Goal(Selection.nodes(receivers), receivers, target.ports()))
                .toList();
        return new Line(allowance, byUser, goals, receivers);
    }

    List<FilterRule> of(int node) {
        TreeMap<Integer, FilterRule> rules = new TreeMap<>();
        Map<Integer, Traffic> traffic = new HashMap<>();
        for (int place = 0; place < lines.size(); place++) {
            Line line = lines.get(place);
            if (!line.receivers().get(node)) {
                continue;
            }
            From from = line.sources().get(line.allowance().isSelf() ? index.userOf(node) : -1);
            if (from == null) {
                throw new IllegalStateException("a receiver of a rule without its sources");
            }
            if (line.allowance().isTraffic()) {
                Traffic rule = traffic.computeIfAbsent(from.place(), first -> new Traffic(from, line.allowance()));
                line.goals().forEach(goal -> addDestinations(goal, node, rule.to()));
            } else {
                rules.put(place, capabilityRule(line, from.texts(), node));
            }
        }
        traffic.forEach((place, rule) -> {
            if (!rule.to().isEmpty()) {
                rules.put(
                        place,
                        new FilterRule(
                                rule.from().texts(), rule.to(), rule.allowance().protocol(), List.of()));
            }
        });
        return List.copyOf(rules.values());
    }

    private void addDestinations(Goal goal, int node, List<Destination> to) {
        if (!goal.receivers().get(node)) {
            return;
        }
        for (String address : reachable.destinations(goal.selection(), node)) {
            goal.ports().forEach(ports -> to.add(new Destination(address, ports)));
        }
    }

    /** Destinations of capabilities are the node's own addresses, however wide the policy's are (grant-a3). */
    private FilterRule capabilityRule(Line line, List<String> from, int node) {
        List<CapabilityGrant> grants = new ArrayList<>();
        for (Goal goal : line.goals()) {
            if (goal.receivers().get(node)) {
                List<String> own = index.node(node).addresses().stream()
                        .filter(address -> goal.selection().kind() != Kind.ADDRESSES
                                || goal.selection().addresses().contains(address))
                        .map(address -> address + "/" + address.width())
                        .toList();
                grants.add(new CapabilityGrant(own, line.allowance().capabilities()));
            }
        }
        return new FilterRule(from, List.of(), Optional.empty(), grants);
    }

    /** Which nodes answer for a selection, and how their filters write it. */
    static final class Reachable {

        private final TopologyIndex index;
        private final Map<AddressSet, BitSet> known = new HashMap<>();

        Reachable(TopologyIndex index) {
            this.index = index;
        }

        BitSet receivers(Selection selection) {
            return switch (selection.kind()) {
                case NODES -> selection.nodes();
                case WILDCARD, DANGER_ALL -> index.all();
                case INTERNET -> index.exits();
                case ADDRESSES -> known.computeIfAbsent(selection.addresses(), this::answering);
                case SELF -> new BitSet();
            };
        }

        private BitSet answering(AddressSet addresses) {
            BitSet nodes = index.withAddressIn(addresses);
            index.routers().stream()
                    .filter(router -> index.routesOf(router).stream()
                            .anyMatch(route -> addresses.ranges().stream().anyMatch(route::overlaps)))
                    .forEach(nodes::set);
            if (addresses.ranges().stream().anyMatch(Reachable::isPublic)) {
                nodes.or(index.exits());
            }
            return nodes;
        }

        /** The addresses as the policy writes them, not narrowed to what the node has of them (routes-d11). */
        List<String> destinations(Selection selection, int node) {
            return switch (selection.kind()) {
                case NODES -> index.textsOf(node);
                case WILDCARD, DANGER_ALL -> List.of("*");
                case INTERNET -> Selectors.INTERNET.texts();
                case ADDRESSES ->
                    selection.addresses().ranges().stream()
                            .filter(range -> answers(node, range))
                            .map(AddressSet::text)
                            .toList();
                case SELF -> List.of();
            };
        }

        private boolean answers(int node, IpRange range) {
            return index.node(node).addresses().stream().anyMatch(range::contains)
                    || index.routesOf(node).stream().anyMatch(range::overlaps)
                    || (index.exits().get(node) && isPublic(range));
        }

        private static boolean isPublic(IpRange range) {
            return Selectors.INTERNET.ranges().stream().anyMatch(whole -> whole.contains(range));
        }
    }
}
