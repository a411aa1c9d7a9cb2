package com.xonetwork.tailnet.policy.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Problem;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTestsTest {

    private static final Topology TAILNET = TopologyReader.read("""
            {"users": [{"name": "ann", "email": "ann@x.net", "role": "owner"}, {"name": "bob", "email": "bob@x.net"},
                       {"name": "new", "email": "new@x.net"}],
             "nodes": {
               "laptop": {"user": "ann", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1"},
               "phone": {"user": "ann", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2"},
               "desk": {"user": "bob", "ipv4": "100.64.0.3", "ipv6": "fd7a:115c:a1e0::3"},
               "web": {"tags": ["tag:web"], "ipv4": "100.64.0.4", "ipv6": "fd7a:115c:a1e0::4"},
               "db": {"tags": ["tag:db"], "ipv4": "100.64.0.5", "ipv6": "fd7a:115c:a1e0::5"}}}
            """);

    private static final String NAMES = """
            'groups': {'group:dev': ['ann@x.net', 'bob@x.net', 'new@x.net', 'stranger@y.net'], 'group:none': []},
            'hosts': {'db1': '100.64.0.5', 'net': '10.0.0.0/8', 'outside': '8.8.8.8'},
            'tagOwners': {'tag:web': [], 'tag:db': [], 'tag:unused': []},
            'postures': {'posture:mac': ['node:os == \\'macos\\'']},
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // rules                                                     | test | outcome
                "{'src': ['group:dev'], 'dst': ['tag:db:5432']}              | 'src': 'group:dev', 'accept': ['tag:db:5432', 'db1:5432', '100.64.0.5:5432'] | true",
                "{'src': ['ann@x.net'], 'dst': ['tag:db:5432']}              | 'src': 'group:dev', 'accept': ['tag:db:5432'] | false",
                "{'src': ['ann@x.net'], 'dst': ['tag:db:5432']}              | 'src': 'group:dev', 'deny': ['tag:db:5432'] | false",
                "{'src': ['ann@x.net'], 'dst': ['tag:db:5432']}              | 'src': 'bob@x.net', 'deny': ['tag:db:5432'] | true",
                "{'src': ['100.64.0.1'], 'dst': ['tag:db:5432']}             | 'src': 'ann@x.net', 'accept': ['tag:db:5432'] | false",
                "{'src': ['group:dev'], 'dst': ['tag:unused:1']}             | 'src': 'new@x.net', 'accept': ['tag:unused:1'] | true",
                "{'src': ['autogroup:member'], 'dst': ['*:443']}             | 'src': 'new@x.net', 'accept': ['outside:443'] | true",
                "{'src': ['tag:web'], 'dst': ['tag:db:*']}                   | 'src': 'tag:web', 'accept': ['tag:db:1'], 'deny': ['tag:web:1'] | true",
                "{'src': ['*'], 'dst': ['autogroup:self:22']}                | 'src': 'bob@x.net', 'accept': ['100.64.0.3:22'], 'deny': ['ann@x.net:22', 'tag:db:22'] | true",
                "{'src': ['tag:web'], 'dst': ['net:22']}                     | 'src': 'tag:web', 'accept': ['10.1.2.3:22'] | true",
                "{'src': ['tag:web'], 'dst': ['db1:53'], 'proto': 'udp'}     | 'src': 'tag:web', 'accept': ['db1:53'] | true",
                "{'src': ['tag:web'], 'dst': ['db1:53'], 'proto': 'udp'}     | 'src': 'tag:web', 'proto': 'tcp', 'accept': ['db1:53'] | false",
                "{'src': ['tag:web'], 'dst': ['db1:53'], 'proto': 'sctp'}    | 'src': 'tag:web', 'proto': 'sctp', 'accept': ['db1:53'] | true",
                "{'src': ['tag:web'], 'dst': ['db1:53']}                     | 'src': 'tag:web', 'proto': 'sctp', 'accept': ['db1:53'] | false",
                "{'src': ['tag:web'], 'dst': ['db1:53'], 'srcPosture': ['posture:mac']} | 'src': 'tag:web', 'accept': ['db1:53'] | false",
                "{'src': ['tag:web'], 'dst': ['db1:53'], 'srcPosture': ['posture:mac']} | 'src': 'tag:web', 'srcPostureAttrs': {'node:os': 'macos'}, 'accept': ['db1:53'] | true",
                "{'src': ['*'], 'dst': ['*:*']}                              | 'src': '*', 'accept': ['db1:1'] | false",
                "{'src': ['*'], 'dst': ['*:*']}                              | 'src': 'group:none', 'accept': ['db1:1'] | false",
                "{'src': ['*'], 'dst': ['*:*']}                              | 'src': 'stranger@y.net', 'accept': ['db1:1'] | false",
                "{'src': ['*'], 'dst': ['*:*']}                              | 'src': '8.8.8.8', 'deny': ['db1:1'] | true",
                "{'src': ['*'], 'dst': ['*:*']}                              | 'user': 'bob@x.net', 'allow': ['db1:1'] | true",
                "{'src': ['*'], 'dst': ['*:*']}                              | 'src': 'bob@x.net' | false",
            })
    void runsTests(String rule, String test, boolean passes) {
        String policy = "'acls': [" + rule.strip().replaceFirst("^\\{", "{'action': 'accept', ") + "], 'tests': [{"
                + test + "}]";

        assertThat(run(policy, TAILNET).isEmpty()).isEqualTo(passes);
    }

    @Test
    void saysWhichConnectionCameOutOtherwise() {
        String policy = "'acls': [{'action': 'accept', 'src': ['ann@x.net'], 'dst': ['db1:22']}],"
                + " 'tests': [{'src': 'ann@x.net', 'accept': ['db1:23', 'db1:22'], 'deny': ['db1:22']}]";

        assertThat(run(policy, TAILNET)).singleElement().satisfies(failure -> {
            assertThat(failure.source()).isEqualTo("ann@x.net");
            assertThat(failure.errors())
                    .containsExactly(
                            "address \"db1:23\": want: Accept, got: Drop",
                            "address \"db1:22\": want: Drop, got: Accept");
        });
    }

    @Test
    void withoutRulesEverythingIsAllowedAndWithAnEmptyListNothing() {
        String test = "'tests': [{'src': 'bob@x.net', 'accept': ['db1:22']}]";

        assertThat(run(test, TAILNET)).isEmpty();
        assertThat(run("'acls': [], " + test, TAILNET)).hasSize(1);
    }

    @Test
    void needsNoMachinesForTestsOfPeopleAndTags() {
        String policy = "'acls': [{'action': 'accept', 'src': ['autogroup:member'], 'dst': ['tag:db:22']}],"
                + " 'tests': [{'src': 'ann@x.net', 'accept': ['tag:db:22'], 'deny': ['tag:web:22']},"
                + " {'src': 'autogroup:member', 'accept': ['tag:db:22']}, {'src': 'tag:web', 'deny': ['tag:db:22']}]";

        assertThat(run(policy, Topology.EMPTY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'accept' | 'src': ['group:dev'], 'dst': ['tag:db'], 'users': ['root'] | 'src': 'group:dev', 'dst': ['tag:db'], 'accept': ['root'], 'deny': ['ann'] | true",
                "'check'  | 'src': ['group:dev'], 'dst': ['tag:db'], 'users': ['root'] | 'src': 'ann@x.net', 'dst': ['tag:db'], 'accept': ['root'] | false",
                "'check'  | 'src': ['group:dev'], 'dst': ['tag:db'], 'users': ['root'] | 'src': 'ann@x.net', 'dst': ['tag:db'], 'check': ['root'] | true",
                "'accept' | 'src': ['group:dev'], 'dst': ['tag:db'], 'users': ['root'] | 'src': 'ann@x.net', 'dst': ['tag:db'], 'check': ['root'] | false",
                "'accept' | 'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'users': ['autogroup:nonroot'] | 'src': 'ann@x.net', 'dst': ['ann@x.net'], 'accept': ['joe'], 'deny': ['root'] | true",
                "'accept' | 'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'users': ['root'] | 'src': 'ann@x.net', 'dst': ['bob@x.net'], 'deny': ['root'] | true",
                "'accept' | 'src': ['autogroup:member'], 'dst': ['tag:db'], 'users': ['localpart:*@x.net'] | 'src': 'ann@x.net', 'dst': ['db1'], 'accept': ['ann'], 'deny': ['bob', 'root'] | true",
                "'accept' | 'src': ['tag:web'], 'dst': ['tag:db'], 'users': ['root'] | 'src': 'tag:web', 'dst': ['outside'], 'deny': ['root'] | false",
                "'accept' | 'src': ['tag:web'], 'dst': ['tag:db'], 'users': ['root'] | 'src': 'tag:web', 'dst': ['tag:db'] | false",
                "'accept' | 'src': ['tag:web'], 'dst': ['tag:db'], 'users': ['root'] | 'src': 'tag:web', 'dst': [], 'accept': ['root'] | false",
                "'accept' | 'src': ['tag:web'], 'dst': ['tag:db'], 'users': ['root'] | 'dst': ['tag:db'], 'deny': ['root'] | false",
            })
    void runsSshTests(String action, String rule, String test, boolean passes) {
        String policy = "'ssh': [{'action': " + action + ", " + rule + "}], 'sshTests': [{" + test + "}]";

        assertThat(run(policy, TAILNET).isEmpty()).isEqualTo(passes);
    }

    @Test
    void aCheckBeatsAnAcceptWhereverItStands() {
        String policy = "'ssh': [{'action': 'accept', 'src': ['ann@x.net'], 'dst': ['tag:db'], 'users': ['root']},"
                + " {'action': 'check', 'src': ['ann@x.net'], 'dst': ['tag:db'], 'users': ['root']}],"
                + " 'sshTests': [{'src': 'ann@x.net', 'dst': ['tag:db'], 'check': ['root']},"
                + " {'src': 'ann@x.net', 'dst': ['tag:db'], 'accept': ['root']}]";

        assertThat(run(policy, TAILNET))
                .singleElement()
                .satisfies(failure -> assertThat(failure.errors())
                        .containsExactly("user \"root\" on \"tag:db\": want: Accept, got: Check"));
    }

    @Test
    void warnsOfMembersWhoAreNotInTheTailnet() {
        Policy policy = Policy.parse("{\"groups\": {\"group:a\": [\"ANN@x.net\", \"bob@\", \"who@x.net\"]}}");

        assertThat(PolicyJudgement.of(policy, new CompiledPolicy(policy, TAILNET))
                        .warnings())
                .extracting(Problem::message)
                .containsExactly("\"group:a\": user not found: \"who@x.net\"");
        assertThat(PolicyJudgement.of(policy, new CompiledPolicy(policy, Topology.EMPTY))
                        .warnings())
                .as("nobody has told us who there is")
                .isEmpty();
    }

    private static List<TestFailure> run(String sections, Topology topology) {
        String names = NAMES.replace("\\'", "\u0001");
        Policy policy =
                Policy.parse(("{" + names + sections + "}").replace('\'', '"').replace('\u0001', '\''));
        assertThat(policy.structural()).isEmpty();
        return PolicyTests.run(policy, new CompiledPolicy(policy, topology));
    }
}
