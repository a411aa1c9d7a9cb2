package com.xonetwork.tailnet.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of the service that SSH policies follow; the captures that show it are named. */
class SshPoliciesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'ssh': []}",
                "{'ssh': [{'action': 'accept', 'dst': ['tag:web'], 'users': ['root']}]}",
                "{'ssh': [{'action': 'accept', 'src': ['tag:db'], 'dst': [], 'users': ['root']}]}",
                "{'ssh': [{'action': 'accept', 'src': ['group:none'], 'dst': ['tag:web'], 'users': ['root']}]}",
                "{'ssh': [{'action': 'accept', 'src': ['tag:db'], 'dst': ['tag:none'], 'users': ['root']}]}",
                "{'ssh': [{'action': 'accept', 'src': ['tag:db'], 'dst': ['autogroup:self'], 'users': ['root']}]}",
                "{'ssh': [{'action': 'deny', 'src': ['tag:db'], 'dst': ['tag:web'], 'users': ['root']}]}",
                "{'ssh': [{'src': ['tag:db'], 'dst': ['tag:web'], 'users': ['root']}]}",
            })
    void nothing(String policy) {
        CompiledPolicy compiled = Tailnet.compile(policy);
        for (int node = 0; node < Tailnet.TOPOLOGY.nodes().size(); node++) {
            assertThat(compiled.sshRules(node)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // root is nobody's unless it is named (ssh-a4, ssh-a5); blanks do not count (ssh-tab-in-user).
                "'users': ['ubuntu'] | {root=, ubuntu=ubuntu} accept",
                "'users': [' root', 'ubuntu'] | {root=root, ubuntu=ubuntu} accept",
                "'users': ['autogroup:nonroot'] | {*==, root=} accept",
                "'users': ['autogroup:nonroot', 'root'] | {*==, root=root} accept",
                // Whatever is nothing else is the name of a user (ssh-malformed-user-localpart-no-at).
                "'users': ['localpart:x', 'tag:x'] | {localpart:x=localpart:x, root=, tag:x=tag:x} accept",
                // How long a check lasts is not the node's business (ssh-a7).
                "'users': ['root'], 'action': 'check', 'checkPeriod': '1h' | {root=root} check",
                "'users': ['root'], 'acceptEnv': ['GIT_*', 'TERM'] | {root=root} accept [GIT_*, TERM]",
            })
    void logins(String rule, String expected) {
        String action = rule.contains("action") ? "" : "'action': 'accept', ";
        String policy = "{'ssh': [{" + action + "'src': ['bob@example.org'], 'dst': ['tag:web'], " + rule + "}]}";

        assertThat(ssh(policy, "web")).isEqualTo("v4.3 v6.3 > " + expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'src': ['bob@example.org', 'tag:db'], 'dst': ['tag:web'], 'users': ['root']} | web | v4.3 v4.5 v6.3 v6.5 > {root=root} accept",
                "{'src': ['bob@example.org', 'tag:db'], 'dst': ['tag:web'], 'users': ['root']} | bob-1 | -",
                // autogroup:tagged has a node once for each of its tags (ssh-b6).
                "{'src': ['autogroup:tagged'], 'dst': ['tag:web'], 'users': ['root']} | web | v4.4 v4.5 v4.5 v4.6 v4.7 v4.8 v6.4 v6.5 v6.5 v6.6 v6.7 v6.8 > {root=root} accept",
                // Among one's own devices (ssh-a1); tagged nodes have no user.
                "{'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'users': ['root']} | ann-1 | v4.1 v4.2 v6.1 v6.2 > {root=root} accept",
                "{'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'users': ['root']} | web | -",
                "{'src': ['ann@example.com'], 'dst': ['ann@example.com'], 'users': ['root']} | ann-2 | v4.1 v4.2 v6.1 v6.2 > {root=root} accept",
                // Own names: users one by one, the common logins and then their own (ssh-d11); tagged sources come
                // last.
                "{'src': ['autogroup:member', 'tag:db'], 'dst': ['tag:web'], 'users': ['localpart:*@example.com', 'ubuntu']} | web | v4.1 v4.2 v6.1 v6.2 > {root=, ubuntu=ubuntu} accept; v4.1 v4.2 v6.1 v6.2 > {ann=ann} accept; v4.3 v6.3 > {root=, ubuntu=ubuntu} accept; v4.5 v6.5 > {root=, ubuntu=ubuntu} accept",
                // The documentation says nothing of it: they hold among a source's own devices too (ssh-d2, ssh-e5).
                "{'src': ['autogroup:member'], 'dst': ['tag:web'], 'users': ['localpart:*@example.com']} | ann-1 | v4.1 v4.2 v6.1 v6.2 > {root=} accept; v4.1 v4.2 v6.1 v6.2 > {ann=ann} accept",
                "{'src': ['autogroup:member'], 'dst': ['tag:web'], 'users': ['localpart:*@example.com']} | bob-1 | v4.3 v6.3 > {root=} accept",
                "{'src': ['bob@example.org'], 'dst': ['tag:none'], 'users': ['localpart:*@example.org']} | bob-1 | v4.3 v6.3 > {root=} accept; v4.3 v6.3 > {bob=bob} accept",
                "{'src': ['tag:router'], 'dst': ['tag:web'], 'users': ['localpart:*@example.com']} | router | v4.6 v6.6 > {root=} accept",
                "{'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'users': ['localpart:*@example.com', 'root']} | ann-1 | v4.1 v4.2 v6.1 v6.2 > {root=root} accept; v4.1 v4.2 v6.1 v6.2 > {ann=ann} accept",
            })
    void rule(String rule, String node, String expected) {
        String policy = "{'ssh': [" + rule.replaceFirst("\\{", "{'action': 'accept', ") + "]}";

        assertThat(ssh(policy, node)).isEqualTo(expected);
    }

    /** Unlike in the documentation, where the order of the policy counts: ssh-f2, ssh-multi-rule-accept-then-check. */
    @ParameterizedTest
    @ValueSource(strings = {"accept,check", "check,accept"})
    void checks_come_first(String actions) {
        String policy = List.of(actions.split(",")).stream()
                .map(action -> "{'action': '" + action + "', 'src': ['tag:db'], 'dst': ['tag:web'], 'users': ['root']}")
                .collect(Collectors.joining(",", "{'ssh': [", "]}"));

        assertThat(ssh(policy, "web")).isEqualTo("v4.5 v6.5 > {root=root} check; v4.5 v6.5 > {root=root} accept");
    }

    private static String ssh(String policy, String node) {
        List<NodeSshRule> rules = Tailnet.compile(policy).sshRules(Tailnet.number(node));
        return rules.isEmpty()
                ? "-"
                : Tailnet.shorten(rules.stream()
                        .map(rule -> String.join(" ", rule.principals()) + " > " + rule.users()
                                + (rule.check() ? " check" : " accept")
                                + (rule.acceptEnv().isEmpty() ? "" : " " + rule.acceptEnv()))
                        .collect(Collectors.joining("; ")));
    }
}
