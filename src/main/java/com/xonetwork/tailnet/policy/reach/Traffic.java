package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What may pass between two machines.
 *
 * @param ports by the number of the protocol; protocols without ports have all of them
 * @param capabilities what applications are told: the name, and parameters if there are any
 */
public record Traffic(SortedMap<Integer, PortSet> ports, SortedSet<String> capabilities) {

    public static final Traffic NONE = new Traffic(new TreeMap<>(), new TreeSet<>());

    private static final int TCP = Protocol.TCP.number();
    private static final int UDP = Protocol.UDP.number();
    private static final int ICMP = Protocol.ICMP.number();
    private static final int ICMPV6 = Protocol.ICMPV6.number();

    public Traffic {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        capabilities = Collections.unmodifiableSortedSet(new TreeSet<>(capabilities));
    }

    /** A rule without a protocol lets TCP, UDP and both ICMPs through (routes-g8). */
    static Traffic of(Optional<Protocol> protocol, List<PortRange> ranges) {
        PortSet set = PortSet.of(ranges);
        SortedMap<Integer, PortSet> ports = new TreeMap<>();
        if (protocol.isPresent()) {
            ports.put(protocol.get().number(), protocol.get().hasPorts() ? set : PortSet.ALL);
        } else {
            ports.put(TCP, set);
            ports.put(UDP, set);
            ports.put(ICMP, PortSet.ALL);
            ports.put(ICMPV6, PortSet.ALL);
        }
        return new Traffic(ports, new TreeSet<>());
    }

    static Traffic ofPorts(int protocol, PortSet set) {
        return new Traffic(new TreeMap<>(Map.of(protocol, set)), new TreeSet<>());
    }

    static Traffic ofCapabilities(SortedSet<String> capabilities) {
        return new Traffic(new TreeMap<>(), capabilities);
    }

    public boolean isEmpty() {
        return ports.isEmpty() && capabilities.isEmpty();
    }

    /** Whether it lets this through. The question "may A reach B on this port?"; in the operator nobody asks it yet. */
    public boolean allows(Protocol protocol, int port) {
        return ports.getOrDefault(protocol.number(), PortSet.NONE).ranges().stream()
                .anyMatch(range -> range.contains(port));
    }

    /** Ports by the name of each protocol, pings too. */
    public Map<String, List<String>> byProtocol() {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        ports.forEach((number, set) -> texts.put(new Protocol(number).name(), texts(set)));
        return texts;
    }

    private static List<String> texts(PortSet set) {
        return set.ranges().stream().map(PortRange::toString).toList();
    }

    /** {@code tcp 22,80-90}, one a list of ports; protocols with the same ports together. */
    private Map<String, List<String>> portsByProtocol() {
        Map<PortSet, List<String>> protocols = new LinkedHashMap<>();
        Map<String, List<String>> texts = new LinkedHashMap<>();
        // With TCP or UDP a rule lets pings through too; they are said only where they come alone.
        boolean pingsAlong = ports.containsKey(TCP) || ports.containsKey(UDP);
        ports.forEach((number, set) -> {
            if (!pingsAlong || (number != ICMP && number != ICMPV6)) {
                protocols.computeIfAbsent(set, ranges -> new ArrayList<>()).add(new Protocol(number).name());
            }
        });
        protocols.forEach((set, names) -> texts.put(String.join("+", names), texts(set)));
        return texts;
    }

    /** For people: {@code tcp 5432}, {@code tcp+udp *}, {@code icmp}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        portsByProtocol().forEach((protocols, ranges) -> {
            boolean all = ranges.equals(List.of(PortRange.ALL.toString()));
            boolean named = protocols.contains("tcp") || protocols.contains("udp") || protocols.contains("sctp");
            parts.add(all && !named ? protocols : protocols + " " + String.join(",", ranges));
        });
        capabilities.forEach(capability -> parts.add("capability " + capability));
        return String.join(", ", parts);
    }
}
