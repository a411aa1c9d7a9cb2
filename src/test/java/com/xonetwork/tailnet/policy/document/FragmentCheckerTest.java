package com.xonetwork.tailnet.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.model.PolicySyntax;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentCheckerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'novelty': 5, 'acls': null, 'groups': null, 'derpMap': null}",
                // The spellings of old, and any case of field names.
                "{'ACLs': [{'Action': 'accept', 'Users': ['*'], 'Ports': ['*:*']}]}",
                "{'tests': [{'user': 'a@b', 'allow': ['x:1']}]}",
                // Accepted by the service, however odd.
                "{'ssh': [{'action': ' accept', 'users': [' root', 'group:foo', 'tag:foo', 'localpart:*@']}]}",
                "{'ssh': [{'action': 'check', 'src': [], 'dst': [], 'users': ['root'], 'checkPeriod': '0s'}]}",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': 'always'}]}",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': '168h'}]}",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': '1h30m0.5s'}]}",
                "{'grants': [{'src': [], 'dst': [], 'ip': ['*']}]}",
                "{'grants': [{'src': ['a'], 'dst': ['b'], 'app': {'tailscale.com/cap/drive': [{}], 'x.com/y': null}}]}",
                "{'acls': [{'action': 'accept', 'src': [' * '], 'dst': ['autogroup:self:*'], 'proto': 'tcp'}]}",
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['autogroup:self:*']}]}",
                "{'nodeAttrs': [{'target': []}, {'target': ['*'], 'attr': ['novelty']}, {}]}",
                "{'tagOwners': {'tag:a-1': [], 'tag:B': ['tag:B'], 'tag:c': null}}",
                "{'groups': {'group:a': ['nobody@nowhere'], 'group:b@c.d': []}}",
                "{'hosts': {'a': '10.0.0.1', 'b': '10.0.0.1/8', 'c': 'fd7a::1', 'd': 'fd7a::/48', 'e': '::ffff:1.2.3.4'}}",
                "{'autoApprovers': {'routes': {'10.0.0.0/8': ['tag:a'], '::/0': []}, 'exitNode': null, 'novelty': 1}}",
                "{'derpMap': {}, 'disableIPv4': true, 'OneCGNATRoute': '', 'randomizeClientPort': false}",
                "{'postures': {'posture:a': ['x']}, 'ipsets': {'ipset:a': ['add 10.0.0.0/8']}, 'defaultSrcPosture': []}",
            })
    void findsNothing(String policy) {
        assertThat(check(policy)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Wrong types
                "{'acls': {}} | acls: must be a list [...], not an object",
                "{'acls': [5]} | acls[0]: must be an object {...}, not a number",
                "{'groups': []} | groups: must be an object {...}, not a list",
                "{'hosts': 'x'} | hosts: must be an object {...}, not a string",
                "{'derpMap': []} | derpMap: must be an object {...}, not a list",
                "{'disableIPv4': 'yes'} | disableIPv4: must be true or false, not a string",
                "{'OneCGNATRoute': true} | OneCGNATRoute: must be a string, not a boolean",
                "{'defaultSrcPosture': 'posture:a'} | defaultSrcPosture: must be a list of strings, not a string; put it in [ ]",
                "{'postures': {'posture:a': [1]}} | postures[\"posture:a\"][0]: must be a string, not a number",
                // Named things
                "{'groups': {'admins': []}} | groups[\"admins\"]: group names must start with 'group:'",
                "{'groups': {'group:': []}} | groups[\"group:\"]: group names must start with 'group:'",
                "{'groups': {'group:a': 'x@y'}} | groups[\"group:a\"]: must be a list of strings, not a string",
                "{'groups': {'group:b': ['group:a']}} | groups[\"group:b\"]: \"group:a\": group members cannot be recursive",
                "{'hosts': {'a': 'db.example.com'}} | hosts[\"a\"]: \"db.example.com\": invalid address",
                "{'hosts': {'a': '10.0.0.0/33'}} | hosts[\"a\"]: \"10.0.0.0/33\": invalid address",
                "{'hosts': {'a': '10.1'}} | hosts[\"a\"]: \"10.1\": invalid address",
                "{'hosts': {'a': '10.0.0.01'}} | invalid address",
                "{'hosts': {'a': 'fd7a:::1'}} | invalid address",
                "{'hosts': {'a': 'fd7a::1%eth0'}} | invalid address",
                "{'hosts': {'a': ['10.0.0.1']}} | hosts[\"a\"]: must be an IP address or a CIDR as a string, not a list",
                "{'hosts': {'a@b': '10.0.0.1'}} | hosts[\"a@b\"]: host names must not contain '@'",
                "{'tagOwners': {'web': []}} | tagOwners[\"web\"]: tags must start with 'tag:'",
                "{'tagOwners': {'tag:': []}} | tagOwners[\"tag:\"]: tag names must not be empty",
                "{'tagOwners': {'tag:1a': []}} | tagOwners[\"tag:1a\"]: tag names must start with a letter, after 'tag:'",
                "{'tagOwners': {'tag:сервер': []}} | tagOwners[\"tag:сервер\"]: tag names must start with a letter, after 'tag:'",
                "{'tagOwners': {'tag:a_b': []}} | tagOwners[\"tag:a_b\"]: tag names can only contain numbers, letters, or dashes",
                "{'tagOwners': {'tag:a': 'x@y'}} | tagOwners[\"tag:a\"]: must be a list of strings",
                "{'tagOwners': {'tag:a': ['x@y', 7]}} | tagOwners[\"tag:a\"][1]: must be a string, not a number",
                "{'autoApprovers': []} | autoApprovers: must be an object",
                "{'autoApprovers': {'routes': ['10.0.0.0/8']}} | autoApprovers.routes: must be an object",
                "{'autoApprovers': {'routes': {'ten': []}}} | autoApprovers.routes[\"ten\"]: must be a CIDR like",
                "{'autoApprovers': {'routes': {'10.0.0.1': []}}} | must be a CIDR; write \"10.0.0.1/32\"",
                "{'autoApprovers': {'routes': {'::1': []}}} | must be a CIDR; write \"::1/128\"",
                "{'autoApprovers': {'routes': {'10.0.0.0/8': 'tag:a'}}} | autoApprovers.routes[\"10.0.0.0/8\"]: must be a list",
                "{'autoApprovers': {'exitNode': {}}} | autoApprovers.exitNode: must be a list of strings, not an object",
                "{'autoApprovers': {'services': {'svc:a': 1}}} | autoApprovers.services[\"svc:a\"]: must be a list of strings",
                // acls
                "{'acls': [{'action': 'deny', 'src': ['*'], 'dst': ['*:*']}]} | acls[0]: action=\"deny\" is not supported",
                "{'acls': [{'src': ['*'], 'dst': ['*:*']}]} | acls[0]: action=\"\" is not supported",
                "{'acls': [{'action': 'accept', 'dst': ['*:*']}]} | acls[0]: \"src\" is missing",
                "{'acls': [{'action': 'accept', 'src': ['*']}]} | acls[0]: \"dst\" is missing",
                "{'acls': [{'action': 'accept', 'src': '*', 'dst': ['*:*']}]} | acls[0].src: must be a list of strings, not a string; put it in [ ]",
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': [22]}]} | acls[0].dst[0]: must be a string, not a number",
                "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*'], 'proto': 6}]} | acls[0].proto: must be a string",
                "{'acls': [{'action': 'accept', 'src': ['autogroup:self'], 'dst': ['*:*']}]} | \"autogroup:self\" not valid on the src side of a rule",
                "{'acls': [{'action': 'accept', 'src': ['tag:a'], 'dst': ['autogroup:self:22']}]} | autogroup:self can only be used with users, groups, or supported autogroups; \"tag:a\"",
                "{'acls': [{'action': 'accept', 'src': ['a'], 'Src': ['*'], 'dst': ['*:*']}]} | acls[0]: \"src\" and \"Src\" are one name to the service",
                // grants
                "{'grants': [{'src': ['*'], 'dst': ['*']}]} | grants[0]: ip and app can not both be empty",
                "{'grants': [{'src': ['*'], 'dst': ['*'], 'ip': [], 'app': {}}]} | grants[0]: ip and app can not both be empty",
                "{'grants': [{'dst': ['*'], 'ip': ['*']}]} | grants[0]: \"src\" is missing",
                "{'grants': [{'src': ['*'], 'ip': ['*']}]} | grants[0]: \"dst\" is missing",
                "{'grants': [{'src': ['*'], 'dst': ['*'], 'ip': [443]}]} | grants[0].ip[0]: must be a string",
                "{'grants': [{'src': ['*'], 'dst': ['*'], 'app': [1]}]} | grants[0].app: must be an object",
                "{'grants': [{'src': ['*'], 'dst': ['*'], 'app': {'https://a.b/c': []}}]} | capability name must have the form {domain}/{path}",
                "{'grants': [{'src': ['*'], 'dst': ['autogroup:internet'], 'app': {'a.b/c': []}}]} | cannot use app grants with autogroup:internet",
                "{'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['*'], 'via': ['group:a']}]} | via can only be a tag",
                "{'grants': [{'src': ['*'], 'dst': ['autogroup:danger-all'], 'ip': ['*']}]} | cannot use autogroup:danger-all as a dst",
                "{'grants': [{'src': ['*'], 'dst': ['0.0.0.0/0'], 'ip': ['*']}]} | dst \"0.0.0.0/0\": to allow all IP addresses, use \"*\" or \"autogroup:internet\"",
                "{'grants': [{'src': ['*'], 'dst': ['autogroup:self'], 'ip': ['*']}]} | autogroup:self can only be used with",
                // ssh
                "{'ssh': [{'users': ['root']}]} | ssh[0]: action must be specified",
                "{'ssh': [{'action': 'Accept', 'users': ['root']}]} | ssh[0]: \"Accept\" is not a valid action",
                "{'ssh': [{'action': 'accept', 'users': []}]} | ssh[0]: users must be specified",
                "{'ssh': [{'action': 'accept', 'users': null}]} | ssh[0]: users must be specified",
                "{'ssh': [{'action': 'accept', 'users': ['root', '']}]} | user \"\" is not valid",
                "{'ssh': [{'action': 'accept', 'users': ['*']}]} | user \"*\" is not valid",
                "{'ssh': [{'action': 'accept', 'users': ['root'], 'acceptEnv': ['']}]} | acceptEnv values cannot be empty",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': 'abc'}]} | time: invalid duration \"abc\"",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': '12'}]} | time: missing unit in duration \"12\"",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': '7d'}]} | time: unknown unit \"d\" in duration \"7d\"",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': '-1m'}]} | checkPeriod -1m0s must be a positive duration",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': '-1.5ms'}]} | checkPeriod -1.5ms must be",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': '168h0m1s'}]} | checkPeriod 168h0m1s is above the max (168h)",
                "{'ssh': [{'action': 'check', 'users': ['root'], 'checkPeriod': 12}]} | ssh[0].checkPeriod: must be a string",
                // nodeAttrs
                "{'nodeAttrs': [{'target': '*'}]} | nodeAttrs[0].target: must be a list of strings",
                "{'nodeAttrs': [{'target': ['autogroup:self']}]} | nodeAttrs[0].target: autogroup:self cannot be a target",
                "{'nodeAttrs': [{'target': ['*'], 'ipPool': ['100.64.0.1']}]} | nodeAttrs[0].ipPool: \"100.64.0.1\" must be a CIDR",
                "{'nodeAttrs': [{'target': ['*'], 'app': []}]} | nodeAttrs[0].app: must be an object",
                // tests
                "{'tests': [{'accept': ['a:1']}]} | tests[0]: test(s) failed: \"src\" is missing",
                "{'tests': [{'src': '', 'accept': ['a:1']}]} | tests[0]: test(s) failed: \"src\" is missing",
                "{'tests': [{'src': ['a@b'], 'accept': ['a:1']}]} | tests[0].src: must be a string, not a list",
                "{'tests': [{'src': 'a@b'}]} | tests[0]: test(s) failed: give at least one \"host:port\"",
                "{'sshTests': [{'dst': ['a'], 'deny': ['root']}]} | sshTests[0]: test(s) failed: \"src\" is missing",
                "{'sshTests': [{'src': 'a@b', 'dst': ['a']}]} | sshTests[0]: test(s) failed: give at least one login user",
            })
    void findsOneProblem(String policy, String problem) {
        assertThat(check(policy)).singleElement().asString().contains(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{'acls': [{}, {}]} | 6", "{'hosts': {'a': 1, 'b': 2}} | 2"})
    void findsAllProblems(String policy, int count) {
        assertThat(check(policy)).hasSize(count).doesNotHaveDuplicates();
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void survivesAnything(@ForAll("policies") PolicyFragment fragment) {
        assertThat(FragmentChecker.check(fragment, PolicySyntax.TAILSCALE))
                .allSatisfy(problem -> assertThat(problem.message()).contains(": "));
    }

    @Provide
    Arbitrary<PolicyFragment> policies() {
        return PolicyArbitraries.policy().map(content -> new PolicyFragment("any", 0, content));
    }

    private static List<FragmentProblem> check(String policy) {
        return FragmentChecker.check(
                new PolicyFragment("mine", 0, PolicyText.parse(policy.replace('\'', '"'))), PolicySyntax.TAILSCALE);
    }
}
