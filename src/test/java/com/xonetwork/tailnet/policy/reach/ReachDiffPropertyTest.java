package com.xonetwork.tailnet.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.compile.FilterRule;
import com.xonetwork.tailnet.policy.compile.TopologyIndex;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.IpRange;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Protocol;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The compact comparison beside the packet filters, pair by pair: two ways to the same answer. */
class ReachDiffPropertyTest {

    private static final Topology TOPOLOGY = TopologyReader.read("""
            {"users": [{"name": "ann", "email": "ann@example.com"}, {"name": "bob", "email": "bob@example.com"}],
             "nodes": {
               "ann-1": {"user": "ann", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1"},
               "ann-2": {"user": "ann", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2"},
               "bob-1": {"user": "bob", "ipv4": "100.64.0.3", "ipv6": "fd7a:115c:a1e0::3"},
               "web-1": {"tags": ["tag:web"], "ipv4": "100.64.0.4", "ipv6": "fd7a:115c:a1e0::4"},
               "web-2": {"tags": ["tag:web", "tag:db"], "ipv4": "100.64.0.5", "ipv6": "fd7a:115c:a1e0::5"},
               "db-1": {"tags": ["tag:db"], "ipv4": "100.64.0.6"},
               "router": {"tags": ["tag:router"], "ipv4": "100.64.0.7", "ipv6": "fd7a:115c:a1e0::7",
                          "routable_ips": ["10.1.0.0/16"], "approved_routes": ["10.1.0.0/16"]}}}
            """);

    private static final TopologyIndex INDEX = new TopologyIndex(TOPOLOGY);

    private static final List<Integer> PORTS = List.of(22, 80, 443);

    @Property(tries = 300)
    void agrees_with_the_packet_filters(@ForAll("policies") String before, @ForAll("policies") String after) {
        CompiledPolicy old = new CompiledPolicy(Policy.parse(before), INDEX);
        CompiledPolicy now = new CompiledPolicy(Policy.parse(after), INDEX);
        ReachSpace space = new ReachSpace(INDEX, List.of(old, now));
        List<ReachDiff.ElementChange> changes = ReachDiff.between(old, now, space);

        for (int from = 0; from < space.size(); from++) {
            for (int to = 0; to < space.size(); to++) {
                if (space.nodeOf(from) < 0 || space.nodeOf(to) < 0) {
                    continue;
                }
                for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
                    for (int port : PORTS) {
                        boolean was =
                                allows(old, address(space, from), address(space, to), space.nodeOf(to), protocol, port);
                        boolean is =
                                allows(now, address(space, from), address(space, to), space.nodeOf(to), protocol, port);
                        boolean said = says(changes, true, from, to, protocol, port, space);
                        boolean saidLoss = says(changes, false, from, to, protocol, port, space);
                        String pair =
                                address(space, from) + " to " + address(space, to) + " " + protocol.name() + " " + port;
                        assertThat(said).as("gain of %s", pair).isEqualTo(is && !was);
                        assertThat(saidLoss).as("loss of %s", pair).isEqualTo(was && !is);
                    }
                }
            }
        }
    }

    /** What the sentence about own devices says is said where it is true for all of them. */
    private static boolean says(
            List<ReachDiff.ElementChange> changes,
            boolean gained,
            int from,
            int to,
            Protocol protocol,
            int port,
            ReachSpace space) {
        return changes.stream()
                .filter(change -> change.gained() == gained && change.from().get(from))
                .filter(change -> change.traffic().allows(protocol, port))
                .anyMatch(
                        change -> change.to().map(elements -> elements.get(to)).orElseGet(() -> own(space, from, to)));
    }

    private static boolean own(ReachSpace space, int from, int to) {
        int user = INDEX.userOf(space.nodeOf(from));
        return user >= 0 && user == INDEX.userOf(space.nodeOf(to));
    }

    private static IpAddress address(ReachSpace space, int element) {
        int node = space.nodeOf(element);
        BitSet own = space.elementsOf(node);
        return INDEX.node(node).addresses().get(element - own.nextSetBit(0));
    }

    /** As a node's packet filter decides. */
    private static boolean allows(
            CompiledPolicy policy, IpAddress from, IpAddress to, int node, Protocol protocol, int port) {
        for (FilterRule rule : policy.packetFilter(node)) {
            boolean source = rule.sources().stream().anyMatch(text -> matches(text, from));
            boolean carries = rule.protocol().map(protocol::equals).orElse(true);
            if (source
                    && carries
                    && rule.destinations().stream()
                            .anyMatch(one ->
                                    matches(one.address(), to) && one.ports().contains(port))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String text, IpAddress address) {
        if (text.equals("*")) {
            return true;
        }
        IpRange range = text.contains("/")
                ? IpPrefix.of(text).range()
                : text.contains("-") ? IpRange.parse(text).orElseThrow() : IpRange.of(IpAddress.of(text));
        return range.contains(address);
    }

    @Provide
    Arbitrary<String> policies() {
        Arbitrary<List<String>> sources = some(
                "*",
                "tag:web",
                "tag:db",
                "autogroup:member",
                "autogroup:tagged",
                "ann@example.com",
                "group:g",
                "100.64.0.4",
                "100.64.0.0/30",
                "autogroup:danger-all",
                "ipset:s");
        Arbitrary<List<String>> destinations = some(
                "*",
                "tag:web",
                "tag:db",
                "autogroup:member",
                "bob@example.com",
                "100.64.0.5",
                "fd7a:115c:a1e0::/64",
                "100.64.0.4/30",
                "ipset:s",
                "10.1.0.0/16");
        Arbitrary<List<String>> ports = some("*", "22", "tcp:80", "udp:22-100", "tcp:443", "tcp:1-79");
        Arbitrary<String> grant = Combinators.combine(sources, destinations, ports)
                .as((src, dst, ip) ->
                        "{\"src\": " + json(src) + ", \"dst\": " + json(dst) + ", \"ip\": " + json(ip) + "}");
        Arbitrary<String> rules = grant.list().ofMaxSize(4).map(list -> String.join(",", list));
        return Combinators.combine(rules, some("ann@example.com", "bob@example.com"))
                .as((list, members) -> "{\"groups\": {\"group:g\": " + json(members)
                        + "}, \"ipsets\": {\"ipset:s\": [\"add 100.64.0.2-100.64.0.6\", \"remove 100.64.0.4\"]}, \"grants\": ["
                        + list + "]}");
    }

    private static Arbitrary<List<String>> some(String... of) {
        return Arbitraries.of(of).list().ofMinSize(1).ofMaxSize(2);
    }

    private static String json(List<String> texts) {
        return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(",", "[", "]"));
    }
}
