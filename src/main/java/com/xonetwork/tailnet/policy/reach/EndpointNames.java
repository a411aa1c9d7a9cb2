package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.compile.Allowance;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.IpRange;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.net.AddressSet;
import com.xonetwork.tailnet.policy.topology.TopologyNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds words for sets of elements: the selectors that the policies use themselves and the tags of the tailnet, the largest
 * first. A selector that means other machines in one policy than in the other is no word for either.
 */
final class EndpointNames {

    private final ReachSpace space;
    private final boolean counted;
    private final List<Name> forSources;
    private final List<Name> forDestinations;

    /** @param rank smaller is said rather, where several selectors mean the same */
    private record Name(String text, int rank, BitSet elements) {}

    EndpointNames(ReachSpace space, List<CompiledPolicy> policies, boolean counted) {
        this.space = space;
        this.counted = counted;
        Map<String, Name> names = new LinkedHashMap<>();
        Set<String> ambiguous = new HashSet<>();
        for (CompiledPolicy policy : policies) {
            for (Selector selector : selectors(policy)) {
                BitSet elements = space.elements(policy.selectors().select(selector));
                Name name = new Name(selector.text(), rank(selector), elements);
                Name other = names.get(name.text());
                if (other == null || other.elements().isEmpty()) {
                    names.put(name.text(), name);
                } else if (!elements.isEmpty() && !other.elements().equals(elements)) {
                    ambiguous.add(name.text());
                }
            }
        }
        names.keySet().removeAll(ambiguous);
        forSources = sorted(names, space.senders());
        forDestinations = sorted(names, everything());
    }

    private BitSet everything() {
        BitSet all = new BitSet(space.size());
        all.set(0, space.size());
        return all;
    }

    private Set<Selector> selectors(CompiledPolicy policy) {
        Set<Selector> selectors = new LinkedHashSet<>();
        for (Allowance allowance : policy.allowances()) {
            selectors.addAll(allowance.sources());
            allowance.targets().forEach(target -> selectors.add(target.selector()));
        }
        for (TopologyNode node : space.index().topology().nodes()) {
            node.tags().forEach(tag -> selectors.add(new Selector.Tag(tag)));
        }
        selectors.add(Selector.parse("autogroup:member"));
        selectors.add(Selector.parse("autogroup:tagged"));
        selectors.add(new Selector.Wildcard());
        return selectors;
    }

    private static int rank(Selector selector) {
        return switch (selector) {
            case Selector.Tag ignored -> 0;
            case Selector.Group ignored -> 1;
            case Selector.User ignored -> 2;
            case Selector.UserDomain ignored -> 3;
            case Selector.IpSetName ignored -> 4;
            case Selector.Host ignored -> 5;
            case Selector.Service ignored -> 6;
            case Selector.Address ignored -> 7;
            case Selector.Prefix ignored -> 7;
            case Selector.Range ignored -> 7;
            case Selector.AutogroupName ignored -> 8;
            case Selector.Wildcard ignored -> 9;
        };
    }

    private static List<Name> sorted(Map<String, Name> names, BitSet side) {
        List<Name> sorted = new ArrayList<>();
        for (Name name : names.values()) {
            BitSet elements = (BitSet) name.elements().clone();
            elements.and(side);
            if (!elements.isEmpty()) {
                sorted.add(new Name(name.text(), name.rank(), elements));
            }
        }
        sorted.sort(Comparator.comparingInt((Name name) -> -name.elements().cardinality())
                .thenComparingInt(Name::rank)
                .thenComparing(Name::text));
        return sorted;
    }

    Endpoints sources(BitSet elements) {
        return name(elements, forSources);
    }

    Endpoints destinations(BitSet elements) {
        return name(elements, forDestinations);
    }

    private Endpoints name(BitSet elements, List<Name> candidates) {
        List<String> names = new ArrayList<>();
        BitSet rest = (BitSet) elements.clone();
        for (Name candidate : candidates) {
            if (rest.isEmpty()) {
                break;
            }
            if (candidate.elements().intersects(rest) && within(candidate.elements(), elements)) {
                names.add(candidate.text());
                rest.andNot(candidate.elements());
            }
        }
        names.addAll(unnamed(rest));
        return new Endpoints(names, counted ? nodes(elements).cardinality() : Endpoints.UNCOUNTED);
    }

    private static boolean within(BitSet inner, BitSet outer) {
        for (int element = inner.nextSetBit(0); element >= 0; element = inner.nextSetBit(element + 1)) {
            if (!outer.get(element)) {
                return false;
            }
        }
        return true;
    }

    private BitSet nodes(BitSet elements) {
        BitSet nodes = new BitSet();
        elements.stream()
                .filter(element -> space.nodeOf(element) >= 0)
                .forEach(element -> nodes.set(space.nodeOf(element)));
        return nodes;
    }

    /** Users with all their devices, machines, addresses. */
    private List<String> unnamed(BitSet rest) {
        TreeSet<String> users = new TreeSet<>();
        TreeSet<String> machines = new TreeSet<>();
        nodes(rest).stream().forEach(node -> {
            int user = space.index().userOf(node);
            if (user >= 0 && within(space.ofNodes(space.index().nodesOf(user)), rest)) {
                users.add(space.index().topology().users().get(user).email());
            } else {
                machines.add(machine(node, rest));
            }
        });
        List<IpRange> ranges = rest.stream()
                .filter(element -> space.nodeOf(element) < 0)
                .mapToObj(space::rangeOf)
                .toList();
        List<String> names = new ArrayList<>(users);
        names.addAll(machines);
        names.addAll(AddressSet.ofRanges(ranges).texts());
        return names;
    }

    private String machine(int node, BitSet rest) {
        TopologyNode machine = space.index().node(node);
        if (within(space.elementsOf(node), rest)) {
            return machine.name();
        }
        int element = rest.nextSetBit(space.elementsOf(node).nextSetBit(0));
        int place = element - space.elementsOf(node).nextSetBit(0);
        return machine.name() + " (" + machine.addresses().get(place) + ")";
    }
}
