package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.compile.Allowance;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.compile.Selection;
import com.xonetwork.tailnet.policy.compile.Selectors;
import com.xonetwork.tailnet.policy.compile.TopologyIndex;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpRange;
import com.xonetwork.tailnet.policy.net.AddressSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that can send or be reached in one tailnet, numbered: each address of each node, and what is behind subnet
 * routers and exit nodes, cut into ranges which no rule of the policies tells apart. Addresses that belong to nobody are
 * not there: nothing can be reached at them.
 */
final class ReachSpace {

    private final TopologyIndex index;
    /** By element; -1 for a range behind routers. */
    private final int[] nodeOf;

    private final TreeMap<IpAddress, Integer> addresses = new TreeMap<>();
    private final List<IpRange> ranges = new ArrayList<>();
    private final BitSet[] elementsOf;
    /** Elements from which packets come: all but what is behind exit nodes. */
    private final BitSet senders = new BitSet();

    private final BitSet everything = new BitSet();
    private final Map<Selection, BitSet> known = new IdentityHashMap<>();

    ReachSpace(TopologyIndex index, List<CompiledPolicy> policies) {
        this.index = index;
        elementsOf = new BitSet[index.size()];
        List<Integer> owners = new ArrayList<>();
        for (int node = 0; node < index.size(); node++) {
            elementsOf[node] = new BitSet();
            for (IpAddress address : index.node(node).addresses()) {
                elementsOf[node].set(owners.size());
                addresses.put(address, owners.size());
                owners.add(node);
            }
        }
        ranges.addAll(behindRouters(policies));
        nodeOf = new int[owners.size() + ranges.size()];
        java.util.Arrays.fill(nodeOf, -1);
        for (int element = 0; element < owners.size(); element++) {
            nodeOf[element] = owners.get(element);
        }
        everything.set(0, nodeOf.length);
        senders.set(0, owners.size());
        senders.or(behind(index.routers(), false));
    }

    private List<IpRange> behindRouters(List<CompiledPolicy> policies) {
        List<IpRange> routes = index.routers().stream()
                .boxed()
                .flatMap(router -> index.routesOf(router).stream())
                .distinct()
                .toList();
        TreeSet<IpAddress> cuts = new TreeSet<>();
        routes.forEach(route -> cut(route, cuts));
        Selectors.INTERNET.ranges().forEach(range -> cut(range, cuts));
        for (CompiledPolicy policy : policies) {
            for (Allowance allowance : policy.allowances()) {
                allowance.sources().forEach(source -> cut(policy.selectors().select(source), cuts));
                allowance.targets().forEach(target -> cut(policy.selectors().select(target.selector()), cuts));
            }
        }
        AddressSet all = AddressSet.ofRanges(routes);
        if (!index.exits().isEmpty()) {
            all = all.union(Selectors.INTERNET);
        }
        List<IpRange> pieces = new ArrayList<>();
        for (IpRange range : all.ranges()) {
            IpAddress from = range.first();
            for (IpAddress cut : cuts.subSet(range.first(), false, range.last(), true)) {
                IpAddress before = cut.previous();
                pieces.add(new IpRange(from, before == null ? from : before));
                from = cut;
            }
            pieces.add(new IpRange(from, range.last()));
        }
        return pieces;
    }

    private static void cut(Selection selection, TreeSet<IpAddress> cuts) {
        selection.addresses().ranges().forEach(range -> cut(range, cuts));
    }

    private static void cut(IpRange range, TreeSet<IpAddress> cuts) {
        cuts.add(range.first());
        IpAddress after = range.last().next();
        if (after != null) {
            cuts.add(after);
        }
    }

    int size() {
        return nodeOf.length;
    }

    TopologyIndex index() {
        return index;
    }

    /** -1 if the element is no address of a node. */
    int nodeOf(int element) {
        return nodeOf[element];
    }

    /** What stands behind routers; only for elements that are no address of a node. */
    IpRange rangeOf(int element) {
        return ranges.get(element - (nodeOf.length - ranges.size()));
    }

    BitSet elementsOf(int node) {
        return elementsOf[node];
    }

    BitSet senders() {
        return senders;
    }

    /** All elements that a selection means, whatever the side. */
    BitSet elements(Selection selection) {
        BitSet elements = known.get(selection);
        if (elements == null) {
            elements = switch (selection.kind()) {
                case NODES -> ofNodes(selection.nodes());
                case ADDRESSES -> in(selection.addresses());
                case WILDCARD, DANGER_ALL -> everything;
                case INTERNET -> publicRanges();
                case SELF -> new BitSet();
            };
            known.put(selection, elements);
        }
        return elements;
    }

    BitSet ofNodes(BitSet nodes) {
        BitSet elements = new BitSet(nodeOf.length);
        nodes.stream().forEach(node -> elements.or(elementsOf[node]));
        return elements;
    }

    private BitSet in(AddressSet set) {
        BitSet elements = new BitSet(nodeOf.length);
        for (IpRange range : set.ranges()) {
            addresses.subMap(range.first(), true, range.last(), true).values().forEach(elements::set);
        }
        for (int i = 0; i < ranges.size(); i++) {
            if (set.contains(ranges.get(i).first())) {
                elements.set(nodeOf.length - ranges.size() + i);
            }
        }
        return elements;
    }

    private BitSet publicRanges() {
        BitSet elements = new BitSet(nodeOf.length);
        for (int i = 0; i < ranges.size(); i++) {
            if (Selectors.INTERNET.contains(ranges.get(i).first())) {
                elements.set(nodeOf.length - ranges.size() + i);
            }
        }
        return elements;
    }

    /** The ranges that these routers lead to. */
    BitSet behind(BitSet routers, boolean alsoExits) {
        AddressSet routes = AddressSet.ofRanges(routers.stream()
                .boxed()
                .flatMap(router -> index.routesOf(router).stream())
                .toList());
        if (alsoExits && routers.intersects(index.exits())) {
            routes = routes.union(Selectors.INTERNET);
        }
        BitSet elements = new BitSet(nodeOf.length);
        for (int i = 0; i < ranges.size(); i++) {
            if (routes.contains(ranges.get(i).first())) {
                elements.set(nodeOf.length - ranges.size() + i);
            }
        }
        return elements;
    }

    /** From where a rule lets packets in. */
    BitSet sources(Allowance allowance, CompiledPolicy policy) {
        BitSet sources = new BitSet(nodeOf.length);
        allowance
                .sources()
                .forEach(source -> sources.or(elements(policy.selectors().select(source))));
        sources.and(senders);
        if (!allowance.postures().isEmpty()) {
            BitSet unfit = (BitSet) index.all().clone();
            unfit.andNot(policy.withPosture(allowance.postures()));
            sources.andNot(ofNodes(unfit));
        }
        return sources;
    }

    /** Where a rule leads; nothing for {@code autogroup:self}. */
    BitSet destinations(Allowance.Target target, Allowance allowance, CompiledPolicy policy) {
        BitSet destinations =
                (BitSet) elements(policy.selectors().select(target.selector())).clone();
        if (!allowance.isTraffic()) {
            destinations.clear(nodeOf.length - ranges.size(), nodeOf.length);
        }
        if (!allowance.via().isEmpty()) {
            BitSet routers = policy.withTag(allowance.via());
            BitSet through = behind(routers, true);
            through.or(ofNodes(routers));
            destinations.and(through);
        }
        return destinations;
    }
}
