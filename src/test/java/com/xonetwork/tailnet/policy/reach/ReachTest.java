package com.xonetwork.tailnet.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Protocol;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachTest {

    private static final Topology TOPOLOGY = TopologyReader.read("""
            {"users": [{"name": "ann", "email": "ann@example.com"}, {"name": "bob", "email": "bob@example.com"}],
             "nodes": {
               "ann-1": {"user": "ann", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1"},
               "ann-2": {"user": "ann", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2"},
               "bob-1": {"user": "bob", "ipv4": "100.64.0.3", "ipv6": "fd7a:115c:a1e0::3"},
               "web-1": {"tags": ["tag:web"], "ipv4": "100.64.0.4", "ipv6": "fd7a:115c:a1e0::4"},
               "web-2": {"tags": ["tag:web"], "ipv4": "100.64.0.5", "ipv6": "fd7a:115c:a1e0::5"},
               "web-3": {"tags": ["tag:web", "tag:canary"], "ipv4": "100.64.0.6", "ipv6": "fd7a:115c:a1e0::6"},
               "db-1": {"tags": ["tag:db"], "ipv4": "100.64.0.7", "ipv6": "fd7a:115c:a1e0::7"},
               "db-2": {"tags": ["tag:db"], "ipv4": "100.64.0.8", "ipv6": "fd7a:115c:a1e0::8"},
               "router": {"tags": ["tag:router"], "ipv4": "100.64.0.9", "ipv6": "fd7a:115c:a1e0::9",
                          "routable_ips": ["10.1.0.0/16", "0.0.0.0/0"], "approved_routes": ["10.1.0.0/16", "0.0.0.0/0"]}}}
            """);

    private static final String NOTHING = "{'grants': []}";

    /** Edges are counted by address: three web machines and two databases have 6 × 4 pairs of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'ip': ['tcp:5432'] | 'ip': ['tcp:5432'] | 24 | 0 | 0",
                "'ip': ['tcp:5432'] | 'ip': ['udp:5432'] | 24 | 24 | 100",
                "'ip': ['tcp:22', 'tcp:5432'] | 'ip': ['tcp:22'] | 48 | 24 | 50",
                // One piece for tcp and udp each; what is kept cuts them in three.
                "'ip': ['*'] | 'ip': ['tcp:22'] | 96 | 72 | 75",
                "'ip': ['icmp:*', 'tcp:22'] | 'ip': ['tcp:22'] | 24 | 0 | 0",
                "'ip': ['tcp:22'] | 'ip': ['*'] | 24 | 0 | 0",
            })
    void lossesAreCounted(String before, String after, long edges, long lost, long percent) {
        String rule = "{'grants': [{'src': ['tag:web'], 'dst': ['tag:db'], %s}]}";
        ReachComparison comparison = Reach.compare(
                Policy.parse(rule.formatted(before).replace('\'', '"')),
                Policy.parse(rule.formatted(after).replace('\'', '"')),
                TOPOLOGY);
        assertThat(comparison.edges()).isEqualTo(edges);
        assertThat(comparison.lost()).isEqualTo(lost);
        assertThat(comparison.lostPercent()).isEqualTo(percent);
        assertThat(comparison.changes())
                .isEqualTo(Reach.diff(
                        Policy.parse(rule.formatted(before).replace('\'', '"')),
                        Policy.parse(rule.formatted(after).replace('\'', '"')),
                        TOPOLOGY));
    }

    @Test
    void ownDevicesAreCountedToo() {
        Policy self = Policy.parse(
                "{\"grants\": [{\"src\": [\"autogroup:member\"], \"dst\": [\"autogroup:self\"], \"ip\": [\"tcp:22\"]}]}");
        // Of ann's two machines all four addresses to all four, of bob's one both to both.
        ReachComparison comparison = Reach.compare(self, Policy.parse("{\"grants\": []}"), TOPOLOGY);
        assertThat(comparison.edges()).isEqualTo(20);
        assertThat(comparison.lost()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'src': ['tag:web'], 'dst': ['tag:db'], 'ip': ['tcp:5432']} | tag:web gains tcp 5432 on tag:db (3 → 2 machines)",
                "{'src': ['tag:canary'], 'dst': ['tag:db'], 'ip': ['tcp:5432', 'tcp:80-90', 'udp:53']} | tag:canary gains tcp 80-90,5432, udp 53 on tag:db (1 → 2 machines)",
                "{'src': ['tag:web'], 'dst': ['tag:db'], 'ip': ['22']} | tag:web gains tcp+udp 22 on tag:db (3 → 2 machines)",
                "{'src': ['tag:web'], 'dst': ['tag:db'], 'ip': ['icmp:*']} | tag:web gains icmp on tag:db (3 → 2 machines)",
                "{'src': ['*'], 'dst': ['tag:db'], 'ip': ['tcp:22']} | * gains tcp 22 on tag:db (9 → 2 machines)",
                "{'src': ['tag:db'], 'dst': ['*'], 'ip': ['*']} | tag:db gains tcp+udp * on * (2 → 9 machines)",
                "{'src': ['bob@example.com'], 'dst': ['100.64.0.7'], 'ip': ['tcp:22']} | bob@example.com gains tcp 22 on 100.64.0.7 (1 → 1 machine)",
                "{'src': ['tag:db'], 'dst': ['10.1.2.0/24'], 'ip': ['tcp:22']} | tag:db gains tcp 22 on 10.1.2.0/24 (2 machines)",
                "{'src': ['10.1.2.0/24'], 'dst': ['tag:db'], 'ip': ['tcp:22']} | 10.1.2.0/24 gains tcp 22 on tag:db (2 machines)",
                // Only the part that a router leads to can be reached.
                "{'src': ['tag:db'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:22']} | tag:db gains tcp 22 on 10.0.0.0/8 (2 machines)",
                "{'src': ['tag:db'], 'dst': ['192.168.0.0/24'], 'ip': ['tcp:22']} | -",
                "{'src': ['192.168.0.0/24'], 'dst': ['tag:db'], 'ip': ['tcp:22']} | -",
                "{'src': ['tag:db'], 'dst': ['autogroup:internet'], 'ip': ['tcp:443']} | tag:db gains tcp 443 on autogroup:internet (2 machines)",
                "{'src': ['tag:db'], 'dst': ['10.1.0.0/16'], 'ip': ['tcp:22'], 'via': ['tag:web']} | -",
                "{'src': ['tag:db'], 'dst': ['10.1.0.0/16'], 'ip': ['tcp:22'], 'via': ['tag:router']} | tag:db gains tcp 22 on 10.1.0.0/16 (2 machines)",
                "{'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'ip': ['tcp:22']} | autogroup:member gains tcp 22 on their own devices (3 machines)",
                "{'src': ['tag:none'], 'dst': ['tag:db'], 'ip': ['tcp:22']} | -",
                "{'src': ['tag:web'], 'dst': ['tag:db'], 'app': {'example.com/cap/a': [{'n': 1}], 'example.com/cap/b': [{}]}} | tag:web gains capability example.com/cap/a [{'n':1}], capability example.com/cap/b on tag:db (3 → 2 machines)",
            })
    void gains(String grant, String expected) {
        assertThat(diff(NOTHING, "{'grants': [" + grant + "]}"))
                .isEqualTo(expected.equals("-") ? List.of() : List.of(expected.replace('\'', '"')));
        // The way back says the same of losses.
        assertThat(diff("{'grants': [" + grant + "]}", NOTHING))
                .isEqualTo(
                        expected.equals("-")
                                ? List.of()
                                : List.of(expected.replace('\'', '"').replace(" gains ", " loses ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Written otherwise, the same.
                "{'acls': [{'action': 'accept', 'src': ['tag:web'], 'dst': ['tag:db:22,80']}]} | {'grants': [{'src': ['tag:web'], 'dst': ['tag:db'], 'ip': ['80']}, {'src': ['tag:web'], 'dst': ['tag:db'], 'ip': ['22']}]}",
                // What goes is allowed by another rule.
                "{'grants': [{'src': ['tag:web'], 'dst': ['tag:db'], 'ip': ['tcp:80']}, {'src': ['autogroup:tagged'], 'dst': ['*'], 'ip': ['tcp:1-100']}]} | {'grants': [{'src': ['autogroup:tagged'], 'dst': ['*'], 'ip': ['tcp:1-50', 'tcp:51-100']}]}",
                "{} | {'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*']}]}",
                // Between one's own devices everything is allowed anyway.
                "{} | {'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['*']}, {'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'ip': ['22']}]}",
            })
    void no_change(String before, String after) {
        assertThat(diff(before, after)).isEmpty();
        assertThat(diff(after, before)).isEmpty();
    }

    @Test
    void says_what_changes_where_names_do_not_help() {
        String before = """
                {"groups": {"group:dev": ["ann@example.com", "bob@example.com"]},
                 "grants": [{"src": ["group:dev"], "dst": ["tag:web"], "ip": ["tcp:22"]},
                            {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["tcp:*"]}]}
                """;
        String after = """
                {"groups": {"group:dev": ["bob@example.com"]},
                 "grants": [{"src": ["group:dev"], "dst": ["tag:web", "tag:db"], "ip": ["tcp:22"]},
                            {"src": ["tag:web"], "dst": ["100.64.0.0/29"], "ip": ["udp:53"]},
                            {"src": ["autogroup:member"], "dst": ["autogroup:self"], "ip": ["tcp:1-1023"]}]}
                """;

        assertThat(diff(before, after))
                .containsExactly(
                        "ann@example.com loses tcp 22 on tag:web (2 → 3 machines)",
                        "autogroup:member loses tcp 0,1024-65535 on their own devices (3 machines)",
                        "bob@example.com gains tcp 22 on tag:db (1 → 2 machines)",
                        "tag:web gains udp 53 on 100.64.0.0/29 (3 → 7 machines)");
    }

    @Test
    void reach_is_one_edge_for_what_no_rule_tells_apart() {
        Policy policy = Policy.parse("""
                {"grants": [{"src": ["tag:web"], "dst": ["tag:db"], "ip": ["tcp:5432"]},
                            {"src": ["tag:web", "tag:db"], "dst": ["tag:db"], "ip": ["tcp:5432-5433"]}]}
                """);

        Reach reach = Reach.of(policy, TOPOLOGY);

        assertThat(reach.edges())
                .singleElement()
                .hasToString("tag:web, tag:db reaches tcp 5432-5433 on tag:db (5 → 2 machines)");
        assertThat(reach.edges().getFirst().traffic().allows(Protocol.TCP, 5433))
                .isTrue();
        assertThat(reach.edges().getFirst().traffic().allows(Protocol.UDP, 5433))
                .isFalse();
        assertThat(reach.edges().getFirst().traffic().byProtocol())
                .containsExactly(java.util.Map.entry("tcp", List.of("5432-5433")));
    }

    @Test
    void without_a_topology_the_selectors_speak() {
        Policy before = policy(
                "{'tagOwners': {'tag:db': []}, 'grants': [{'src': ['autogroup:tagged'], 'dst': ['tag:db'], 'ip': ['tcp:22']}]}");
        Policy after = policy(
                "{'hosts': {'nas': '192.168.1.9'}, 'grants': [{'src': ['group:dev'], 'dst': ['nas'], 'ip': ['tcp:445']},"
                        + " {'src': ['tag:web'], 'dst': ['10.0.0.0/8'], 'ip': ['tcp:80'], 'via': ['tag:r']}], 'groups': {'group:dev': ['eve@example.com']}}");

        assertThat(Reach.diff(before, after))
                .extracting(ReachChange::toString)
                .containsExactly(
                        "autogroup:tagged loses tcp 22 on tag:db",
                        "group:dev gains tcp 445 on nas",
                        "tag:web gains tcp 80 on 10.0.0.0/8");
    }

    @Test
    void refuses_policies_of_two_tailnets() {
        CompiledPolicy one = new CompiledPolicy(policy(NOTHING), TOPOLOGY);
        CompiledPolicy two = new CompiledPolicy(policy(NOTHING), TOPOLOGY);

        assertThatThrownBy(() -> ReachDiff.between(one, two, true)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> diff(String before, String after) {
        return Reach.diff(policy(before), policy(after), TOPOLOGY).stream()
                .map(ReachChange::toString)
                .toList();
    }

    private static Policy policy(String text) {
        return Policy.parse(text.replace('\'', '"'));
    }
}
