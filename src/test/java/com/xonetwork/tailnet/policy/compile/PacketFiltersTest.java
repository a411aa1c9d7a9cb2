package com.xonetwork.tailnet.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of the service that the compiler follows, on a tailnet of its own; the captures that show it are named. */
class PacketFiltersTest {

    /** What allows nothing; most of it is refused by validation, and must do no harm here. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'grants': []}",
                "{'acls': []}",
                "{'grants': [{'src': [], 'dst': ['*'], 'ip': ['*']}]}",
                "{'grants': [{'src': ['*'], 'dst': [], 'ip': ['*']}]}",
                "{'grants': [{'src': ['*'], 'dst': ['*']}]}",
                "{'grants': [{'src': ['tag:nobody'], 'dst': ['*'], 'ip': ['*']}]}",
                "{'grants': [{'src': ['group:none'], 'dst': ['*'], 'ip': ['*']}]}",
                "{'grants': [{'src': ['autogroup:self'], 'dst': ['*'], 'ip': ['*']}]}",
                "{'grants': [{'src': ['autogroup:unheard-of'], 'dst': ['*'], 'ip': ['*']}]}",
                "{'grants': [{'src': ['autogroup:shared'], 'dst': ['*'], 'ip': ['*']}]}",
                "{'grants': [{'src': ['no-such-host'], 'dst': ['*'], 'ip': ['*']}]}",
                "{'grants': [{'src': ['*'], 'dst': ['svc:web'], 'ip': ['*']}]}",
                "{'grants': [{'src': ['*'], 'dst': ['ipset:none'], 'ip': ['*']}]}",
                "{'ipsets': {'ipset:a': ['ipset:a']}, 'grants': [{'src': ['*'], 'dst': ['ipset:a'], 'ip': ['*']}]}",
                "{'groups': {'group:a': ['group:a']}, 'grants': [{'src': ['group:a'], 'dst': ['*'], 'ip': ['*']}]}",
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*']}]}",
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:http']}]}",
                "{'postures': {'posture:a': ['node:os == ^linux^']}, 'grants': [{'src': ['tag:web'], 'dst': ['*'], 'ip': ['*'], 'srcPosture': ['posture:a']}]}",
            })
    void nothing(String policy) {
        CompiledPolicy compiled = Tailnet.compile(policy);
        for (int node = 0; node < Tailnet.TOPOLOGY.nodes().size(); node++) {
            assertThat(compiled.packetFilter(node)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Without rules everybody reaches everybody (ssh-acceptenv-omitted); null is as if absent.
                "{} | web | TAILNET > *:*",
                "{'acls': null} | web | TAILNET > *:*",
                // Sources: each for itself, sorted as texts, no repetition, but overlaps (acl-m06, acl-ah04).
                "{'acls': [{'action': 'accept', 'src': ['*', 'tag:router'], 'dst': ['tag:web:22']}]} | web | 10.1.0.0/16 100.115.94.0-100.127.255.255 100.64.0.0-100.115.91.255 v4.6 fd7a:115c:a1e0::/48 v6.6 > v4.4:22 v6.4:22",
                "{'hosts': {'h': '10.0.0.0/8'}, 'acls': [{'action': 'accept', 'src': ['h', '10.0.0.0/8', '10.0.0.9/32'], 'dst': ['tag:web:22']}]} | web | 10.0.0.0/8 10.0.0.9 > v4.4:22 v6.4:22",
                "{'grants': [{'src': ['autogroup:danger-all'], 'dst': ['tag:web'], 'ip': ['22']}]} | web | * > v4.4:22 v6.4:22",
                "{'grants': [{'src': ['autogroup:member'], 'dst': ['tag:web'], 'ip': ['22']}]} | web | v4.1 v4.2 v4.3 v6.1 v6.2 v6.3 > v4.4:22 v6.4:22",
                "{'grants': [{'src': ['autogroup:admin'], 'dst': ['tag:web'], 'ip': ['22']}]} | web | v4.1 v4.2 v6.1 v6.2 > v4.4:22 v6.4:22",
                "{'grants': [{'src': ['user:*@example.org'], 'dst': ['tag:web'], 'ip': ['22']}]} | web | v4.3 v6.3 > v4.4:22 v6.4:22",
                // A literal address does not bring the other family along, as source or destination
                // (policytest-proto-tcp).
                "{'grants': [{'src': ['100.64.0.1'], 'dst': ['100.64.0.4'], 'ip': ['22']}]} | web | v4.1 > v4.4:22",
                // All ports of an address before the next address; hosts in the order of the policy (acl-k04).
                "{'acls': [{'action': 'accept', 'src': ['tag:db'], 'dst': ['tag:web:22,80-90', 'tag:web:443']}]} | web | v4.5 v6.5 > v4.4:22 v4.4:80-90 v4.4:443 v6.4:22 v6.4:80-90 v6.4:443",
                // A node that two selectors name has its destinations twice (via-grant-v39), by autogroup:tagged once
                // (grant-k26).
                "{'grants': [{'src': ['ann@example.com'], 'dst': ['tag:web', 'tag:db'], 'ip': ['22']}]} | both | v4.1 v4.2 v6.1 v6.2 > v4.5:22 v6.5:22 v4.5:22 v6.5:22",
                "{'grants': [{'src': ['bob@example.org'], 'dst': ['autogroup:tagged'], 'ip': ['22']}]} | both | v4.3 v6.3 > v4.5:22 v6.5:22",
                // Equal sources and protocol: one rule, repetitions stay (acl-mr04), at the place of the first
                // (acl-at06).
                "{'groups': {'group:g': ['bob@example.org']}, 'acls': [{'action': 'accept', 'src': ['group:g'], 'dst': ['tag:web:22']}, {'action': 'accept', 'src': ['bob@example.org'], 'dst': ['tag:web:22']}]} | web | v4.3 v6.3 > v4.4:22 v6.4:22 v4.4:22 v6.4:22",
                "{'grants': [{'src': ['tag:db'], 'dst': ['tag:router'], 'ip': ['22']}, {'src': ['tag:exit'], 'dst': ['tag:web'], 'ip': ['1']}, {'src': ['tag:db'], 'dst': ['tag:web'], 'ip': ['2']}]} | web | v4.5 v6.5 > v4.4:2 v6.4:2; v4.8 v6.8 > v4.4:1 v6.4:1",
                // Protocols apart; none written is none in the filter (routes-g4, routes-g8, grant-f1).
                "{'grants': [{'src': ['tag:db'], 'dst': ['tag:web'], 'ip': ['tcp:80', 'udp:53', '22', 'tcp:443']}]} | web | v4.5 v6.5 > v4.4:80 v4.4:443 v6.4:80 v6.4:443 tcp; v4.5 v6.5 > v4.4:53 v6.4:53 udp; v4.5 v6.5 > v4.4:22 v6.4:22",
                "{'acls': [{'action': 'accept', 'proto': 'icmp', 'src': ['tag:db'], 'dst': ['tag:web:*']}]} | web | v4.5 v6.5 > v4.4:* v6.4:* icmp",
                // Grants come before acls (grant-k3).
                "{'acls': [{'action': 'accept', 'src': ['tag:db'], 'dst': ['tag:web:1']}], 'grants': [{'src': ['tag:exit'], 'dst': ['tag:web'], 'ip': ['2']}]} | web | v4.8 v6.8 > v4.4:2 v6.4:2; v4.5 v6.5 > v4.4:1 v6.4:1",
                // Subnets: as the policy writes them, where they overlap an approved route (routes-d11, routes-f7,
                // routes-h10) ...
                "{'grants': [{'src': ['tag:web'], 'dst': ['10.0.0.0/8'], 'ip': ['*']}]} | router | v4.4 v4.5 v6.4 v6.5 > 10.0.0.0/8:*",
                "{'grants': [{'src': ['tag:web'], 'dst': ['10.1.2.3/32', '10.1.3.0/24', '10.2.0.0/16'], 'ip': ['*']}]} | router | v4.4 v4.5 v6.4 v6.5 > 10.1.2.3:* 10.1.3.0/24:*",
                // ... or hold one of the node's addresses (grant-p01-5, routes-r8), also if it is a router's.
                "{'grants': [{'src': ['tag:web'], 'dst': ['100.64.0.0/12', '10.1.0.0/16'], 'ip': ['*']}]} | router | v4.4 v4.5 v6.4 v6.5 > 100.64.0.0/12:* 10.1.0.0/16:*",
                "{'grants': [{'src': ['tag:web'], 'dst': ['100.64.0.0/12', '10.1.0.0/16'], 'ip': ['*']}]} | web | v4.4 v4.5 v6.4 v6.5 > 100.64.0.0/12:*",
                "{'ipsets': {'ipset:s': ['add 10.1.0.0/16', 'remove 10.1.9.0/24', '192.168.0.0/24']}, 'grants': [{'src': ['tag:web'], 'dst': ['ipset:s'], 'ip': ['*']}]} | router | v4.4 v4.5 v6.4 v6.5 > 10.1.0.0-10.1.8.255:* 10.1.10.0-10.1.255.255:*",
                // Via: only routers with the tag (via-grant-v44).
                "{'grants': [{'src': ['tag:web'], 'dst': ['10.1.0.0/16'], 'ip': ['*'], 'via': ['tag:other']}]} | other | v4.4 v4.5 v6.4 v6.5 > 10.1.0.0/16:*",
                "{'grants': [{'src': ['tag:web'], 'dst': ['10.1.0.0/16'], 'ip': ['*'], 'via': ['tag:other']}]} | router | -",
                "{'grants': [{'src': ['tag:web'], 'dst': ['10.1.0.0/16'], 'ip': ['*'], 'via': ['tag:web']}]} | router | -",
                // The internet: no rule on what is no exit node, although the documentation has it open it (acl-a05).
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['autogroup:internet:*']}]} | router | -",
                // Between the devices of a user (acl-a10); sources that are left out stay out.
                "{'grants': [{'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'ip': ['*']}]} | ann-1 | v4.1 v4.2 v6.1 v6.2 > v4.1:* v6.1:*",
                "{'grants': [{'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'ip': ['*']}]} | web | -",
                "{'grants': [{'src': ['bob@example.org'], 'dst': ['autogroup:self'], 'ip': ['*']}]} | ann-1 | -",
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['autogroup:self:22', 'ann@example.com:22']}]} | ann-1 | TAILNET > v4.1:22 v6.1:22; v4.1 v4.2 v6.1 v6.2 > v4.1:22 v6.1:22",
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['autogroup:self:*', 'autogroup:member:22']}]} | ann-1 | v4.1 v4.2 v6.1 v6.2 > v4.1:* v6.1:*; TAILNET > v4.1:22 v6.1:22",
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['autogroup:self:22']}, {'action': 'accept', 'src': ['*'], 'dst': ['autogroup:self:80']}]} | bob-1 | v4.3 v6.3 > v4.3:22 v6.3:22 v4.3:80 v6.3:80",
                // Capabilities: on the node's own addresses, each grant for itself (grant-a3, grant-g1), for nobody too
                // (grant-h6).
                "{'grants': [{'src': ['tag:db'], 'dst': ['*'], 'app': {'example.com/cap/a': [{'n': 42}]}}, {'src': ['tag:db'], 'dst': ['tag:web'], 'ip': ['22'], 'app': {'example.com/cap/b': []}}]} | web | v4.5 v6.5 > v4.4/32 v6.4/128 example.com/cap/a=[{'n':42}]; v4.5 v6.5 > v4.4:22 v6.4:22; v4.5 v6.5 > v4.4/32 v6.4/128 example.com/cap/b=[]",
                "{'grants': [{'src': ['tag:nobody'], 'dst': ['tag:web'], 'app': {'example.com/cap/a': []}}]} | web | > v4.4/32 v6.4/128 example.com/cap/a=[]",
                "{'grants': [{'src': ['tag:db'], 'dst': ['100.64.0.0/29', '10.1.0.0/16'], 'app': {'example.com/cap/a': []}}]} | router | v4.5 v6.5 > v4.6/32 example.com/cap/a=[]",
                "{'grants': [{'src': ['tag:db'], 'dst': ['10.1.0.0/16'], 'app': {'example.com/cap/a': []}}]} | router | -",
                // The service's own companions go back to the sources (nodeattrs-interaction-h2-with-grants, grant-b3).
                "{'grants': [{'src': ['tag:db'], 'dst': ['tag:router'], 'app': {'tailscale.com/cap/drive': [{}]}}]} | both | v4.6 v6.6 > v4.5/32 v6.5/128 tailscale.com/cap/drive-sharer=null",
                "{'grants': [{'src': ['tag:db'], 'dst': ['tag:router'], 'app': {'tailscale.com/cap/relay': []}}]} | both | v4.6 v6.6 > v4.5/32 v6.5/128 tailscale.com/cap/relay-target=null",
                "{'grants': [{'src': ['tag:db'], 'dst': ['tag:router'], 'app': {'tailscale.com/cap/relay': [], 'tailscale.com/cap/drive': []}}]} | both | v4.6 v6.6 > v4.5/32 v6.5/128 tailscale.com/cap/relay-target=null; v4.6 v6.6 > v4.5/32 v6.5/128 tailscale.com/cap/drive-sharer=null",
                "{'grants': [{'src': ['bob@example.org'], 'dst': ['autogroup:self'], 'app': {'example.com/cap/a': []}}]} | bob-1 | v4.3 v6.3 > v4.3/32 v6.3/128 example.com/cap/a=[]",
                // Postures narrow the sources.
                "{'postures': {'posture:l': ['node:os == ^linux^']}, 'grants': [{'src': ['autogroup:member'], 'dst': ['tag:web'], 'ip': ['22'], 'srcPosture': ['posture:l']}]} | web | v4.1 v6.1 > v4.4:22 v6.4:22",
                "{'postures': {'posture:l': ['node:os == ^linux^']}, 'defaultSrcPosture': ['posture:l'], 'grants': [{'src': ['100.64.0.0/30'], 'dst': ['tag:web'], 'ip': ['22']}]} | web | 100.64.0.0/31 > v4.4:22 v6.4:22",
            })
    void rule(String policy, String node, String expected) {
        assertThat(Tailnet.filter(policy, node)).isEqualTo(expected.replace('\'', '"'));
    }

    /**
     * No capture has an approved exit node and autogroup:internet in one policy: there, the documentation counts
     * (tailscale.com/kb/1337).
     */
    @Test
    void exit_nodes_let_the_internet_through() {
        String filter = Tailnet.filter(
                "{'grants': [{'src': ['tag:db'], 'dst': ['autogroup:internet'], 'ip': ['tcp:443'], 'via': ['tag:exit']}]}",
                "exit");

        assertThat(filter)
                .contains("0.0.0.0-9.255.255.255:443", "2000::/3:443")
                .doesNotContain("10.0.0.0", "100.64.0.0/10", "fc00");
        assertThat(Tailnet.filter("{'grants': [{'src': ['tag:db'], 'dst': ['8.8.8.8'], 'ip': ['53']}]}", "exit"))
                .isEqualTo("v4.5 v6.5 > 8.8.8.8:53");
        assertThat(Tailnet.filter("{'grants': [{'src': ['tag:db'], 'dst': ['10.9.9.9'], 'ip': ['53']}]}", "exit"))
                .isEqualTo("-");
    }

    /** Routes that nobody approved, or that nobody offers, are in no filter (routes-pa1, routes-ea14). */
    @Test
    void only_approved_routes_that_are_offered_count() {
        Topology topology = TopologyReader.read("""
                {"nodes": {"n": {"tags": ["tag:a"], "ipv4": "100.64.0.1", "routable_ips": ["10.0.0.0/8", "::/0"],
                                 "approved_routes": ["172.16.0.0/12", "::/0"]}}}
                """);
        CompiledPolicy compiled = new CompiledPolicy(Policy.parse("{}"), topology);

        assertThat(Tailnet.text(compiled.packetFilter(0))).isEqualTo("UNROUTED > *:*");
    }
}
