package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.Protocol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All traffic of some rules cut into pieces that no rule lets through in part. Numbered; most pieces are in few rules, so
 * that what changes can be looked at piece by piece.
 */
final class TrafficUnits {

    private static final int PORTS = 65_536;

    /** By protocol: where pieces begin, and the number of the piece. */
    private final TreeMap<Integer, TreeMap<Integer, Integer>> pieces = new TreeMap<>();

    private final Map<String, Integer> capabilities = new HashMap<>();
    private final List<Traffic> units = new ArrayList<>();

    TrafficUnits(Collection<Traffic> all) {
        TreeMap<Integer, TreeSet<Integer>> cuts = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>();
        for (Traffic traffic : all) {
            traffic.ports().forEach((protocol, set) -> {
                TreeSet<Integer> mine = cuts.computeIfAbsent(protocol, p -> new TreeSet<>());
                for (PortRange range : set.ranges()) {
                    mine.add(range.first());
                    mine.add(range.last() + 1);
                }
            });
            names.addAll(traffic.capabilities());
        }
        cuts.forEach((protocol, starts) -> {
            TreeMap<Integer, Integer> numbers = new TreeMap<>();
            for (int start : starts) {
                Integer next = starts.higher(start);
                if (start < PORTS) {
                    numbers.put(start, units.size());
                    int last = (next == null ? PORTS : next) - 1;
                    units.add(Traffic.ofPorts(protocol, new PortSet(List.of(new PortRange(start, last)))));
                }
            }
            pieces.put(protocol, numbers);
        });
        for (String name : names) {
            capabilities.put(name, units.size());
            units.add(Traffic.ofCapabilities(new TreeSet<>(List.of(name))));
        }
    }

    int count() {
        return units.size();
    }

    /** The pieces that make up the traffic of one of the rules. */
    BitSet of(Traffic traffic) {
        BitSet numbers = new BitSet(units.size());
        traffic.ports()
                .forEach((protocol, set) -> set.ranges()
                        .forEach(range -> pieces.getOrDefault(protocol, new TreeMap<>())
                                .subMap(range.first(), true, range.last(), true)
                                .values()
                                .forEach(numbers::set)));
        traffic.capabilities().forEach(name -> numbers.set(capabilities.getOrDefault(name, 0)));
        return numbers;
    }

    /** Pings come along with a rule for TCP or UDP, and would count as much as all ports. */
    boolean isCounted(int unit) {
        return units.get(unit).ports().keySet().stream()
                .noneMatch(protocol -> protocol == Protocol.ICMP.number() || protocol == Protocol.ICMPV6.number());
    }

    /** The traffic that these pieces make up. */
    Traffic sum(BitSet numbers) {
        TreeMap<Integer, List<PortRange>> ranges = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>();
        numbers.stream().mapToObj(units::get).forEach(unit -> {
            unit.ports()
                    .forEach((protocol, set) -> ranges.computeIfAbsent(protocol, p -> new ArrayList<>())
                            .addAll(set.ranges()));
            names.addAll(unit.capabilities());
        });
        TreeMap<Integer, PortSet> ports = new TreeMap<>();
        ranges.forEach((protocol, list) -> ports.put(protocol, PortSet.of(list)));
        return new Traffic(ports, names);
    }
}
