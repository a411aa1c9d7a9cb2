package com.xonetwork.tailnet.policy.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Problem;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules one by one; that they are the service's is shown by the captures. Quotes are single here for legibility. */
class PolicyValidatorTest {

    private static final String NAMES =
            "'groups': {'group:a': ['x@here.net']}, 'hosts': {'h': '10.0.0.1', 'net': '10.0.0.0/8'},"
                    + " 'tagOwners': {'tag:a': [], 'tag:b': []}, ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // acls
                "'acls': [{'src': ['*'], 'dst': ['*:*']}] | action=\"\" is not supported",
                "'acls': [{'action': 'accept', 'src': ['nobody'], 'dst': ['*:*']}] | src=\"nobody\": invalid address",
                "'acls': [{'action': 'accept', 'src': ['group:no'], 'dst': ['*:*']}] | src=group not found: \"group:no\"",
                "'acls': [{'action': 'accept', 'src': ['autogroup:internet'], 'dst': ['*:*']}] | \"autogroup:internet\" not valid on the src side of a rule",
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['autogroup:danger-all:*']}] | cannot use autogroup:danger-all as a dst",
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['tag:a']}] | dst=\"tag:a\": port range \"a\": invalid first integer",
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['h']}] | dst=\"h\": hostport must contain a colon (\":\")",
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['no:22']}] | dst=\"no\": \"no\": invalid address",
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['h:22'], 'proto': 'foo'}] | proto name \"foo\" not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)",
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['h:22'], 'proto': 'icmp'}] | protocol does not support specific ports: \"icmp\", only \"*\" is allowed",
                "'acls': [{'action': 'accept', 'src': ['user:*@there.net'], 'dst': ['*:*']}] | [acls] there.net is not associated with this Tailnet and cannot be used in user:*@<domain> expressions",
                // grants
                "'grants': [{'src': ['*'], 'dst': ['*'], 'app': {'nopath': []}}] | capability name must have the form {domain}/{path}",
                "'grants': [{'src': ['*'], 'dst': ['tag:c'], 'ip': ['*']}] | dst=tag not found: \"tag:c\"",
                "'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['22:23:24']}] | expected only one colon in Internet protocol and port type",
                "'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['80,443']}] | port range \"80,443\": invalid first integer",
                // ssh
                "'ssh': [{'action': 'accept', 'src': ['tag:a'], 'dst': ['autogroup:self'], 'users': ['root']}] | autogroup:self can only be used with users, groups, or supported autogroups",
                "'ssh': [{'action': 'accept', 'src': ['*'], 'dst': ['tag:a'], 'users': ['root']}] | invalid src \"*\"",
                "'ssh': [{'action': 'accept', 'src': ['group:a'], 'dst': ['x@here.net'], 'users': ['root']}] | invalid dst \"x@here.net\"",
                "'ssh': [{'action': 'accept', 'src': ['group:a'], 'dst': ['10.0.0.1'], 'users': ['root']}] | invalid dst \"10.0.0.1\"",
                "'ssh': [{'action': 'check', 'src': ['group:a'], 'dst': ['tag:a'], 'users': ['root'], 'checkPeriod': '5'}] | time: missing unit in duration \"5\"",
                // names
                "'tagOwners': {'tag:': []} | tagOwners[\"tag:\"]: tag names must not be empty",
                "'tagOwners': {'tag:a_b': []} | tagOwners[\"tag:a_b\"]: tag names can only contain numbers, letters, or dashes",
                "'hosts': {'x': 'db.example.com'} | hosts[\"x\"]: \"db.example.com\": invalid address",
                "'groups': {'people': []} | groups[\"people\"]: groups must start with 'group:'",
                "'groups': {'group:z': ['group:y'], 'group:y': ['group:x'], 'group:x': []} | groups[\"group:y\"]: \"group:x\": group members cannot be recursive",
                "'groups': {'group:z': ['group:z']} | groups[\"group:z\"]: \"group:z\": group members cannot be recursive",
                // nodeAttrs
                "'nodeAttrs': [{'target': ['*'], 'ipPool': ['10.0.0.0/8']}] | IPPool(10.0.0.0/8): network not within 100.64.0.0/10",
                "'nodeAttrs': [{'target': ['*'], 'ipPool': ['100.115.93.0/24']}] | IPPool(100.115.93.0/24): network within reserved range",
                // sshTests
                "'sshTests': [{'src': 'x@here.net', 'dst': ['net'], 'accept': ['root']}] | SSH tests dst contains disallowed element \"net\"",
                // tests: what is no protocol is said, what is no destination only makes the test fail
                "'tests': [{'src': 'x@here.net', 'proto': 'foo', 'accept': ['h:http']}] | proto name \"foo\" not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)",
                // types
                "'acls': {} | acls must be a list, not an object",
                "'acls': [], 'ACLs': [] | \"ACLs\" and \"acls\" are one name to the service, which ignores case; keep one",
            })
    void refuses(String section, String message) {
        assertThat(judge(section).message()).isEqualTo(message);
        assertThat(judge(section).status()).isEqualTo(400);
    }

    /** The documentation says otherwise of each; the captures of the live service are right. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // At least one minute (tailscale.com/kb/1193): ssh-malformed-checkperiod-too-short and -zero.
                "'ssh': [{'action': 'check', 'src': ['group:a'], 'dst': ['tag:a'], 'users': ['root'], 'checkPeriod': '30s'}]",
                "'ssh': [{'action': 'check', 'src': ['group:a'], 'dst': ['tag:a'], 'users': ['root'], 'checkPeriod': '0s'}]",
                // src and dst are needed: ssh-malformed-src-missing, ssh-malformed-dst-empty.
                "'ssh': [{'action': 'accept', 'dst': ['tag:a'], 'users': ['root']}]",
                "'ssh': [{'action': 'accept', 'src': ['group:a'], 'dst': [], 'users': ['root']}]",
                // Users that are none: ssh-malformed-user-group-prefix, -tag-prefix, -localpart-no-at,
                // -localpart-no-domain.
                "'ssh': [{'action': 'accept', 'src': ['group:a'], 'dst': ['tag:a'], 'users': ['group:a', 'tag:x', 'localpart:x', 'localpart:*@']}]",
                // Users are no targets of attributes (table of targets and selectors): nodeattrs-funnel-f2-user.
                "'nodeAttrs': [{'target': ['x@here.net'], 'attr': ['funnel']}]",
                // autogroup:self wants people as sources; in acls "*" passes for them: acl-s01. Not in grants:
                // grant-h9.
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['autogroup:self:*']}]",
            })
    void acceptsAgainstTheDocumentation(String section) {
        assertThat(judge(section).findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['tag:a:0-65535']}] | true",
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['tag:a:22, 0-65535']}] | true",
                "'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['0-65535']}] | true",
                "'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['tcp:0-65535']}] | true",
                "'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['tcp:0-65534']}] | false",
                "'grants': [{'src': ['*'], 'dst': ['*'], 'ip': ['tcp:00-65535']}] | false",
                "'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['tag:a:http,0-65535']}] | false",
                "'acls': [{'action': 'accept', 'src': ['port range \\\"0-65535\\\"'], 'dst': ['*:*']}] | false",
            })
    void allPortsByNumberAreRefusedAndToldApart(String section, boolean toldApart) {
        Verdict verdict = judge(section);

        assertThat(verdict.status()).isEqualTo(400);
        assertThat(verdict.findings()).extracting(Finding::allPortsByNumber).containsExactly(toldApart);
    }

    @Test
    void anAttributeForSelfMakesTheServiceStumble() {
        Verdict verdict = judge("'nodeAttrs': [{'target': ['autogroup:self'], 'attr': ['funnel']}]");

        assertThat(verdict.status()).isEqualTo(500);
        assertThat(verdict.message()).isEqualTo("internal server error");
    }

    @Test
    void domainsCountOnlyIfSomebodyHasToldUs() {
        String ssh =
                "'ssh': [{'action': 'accept', 'src': ['user:*@there.net'], 'dst': ['tag:a'], 'users': ['localpart:*@there.net']}]";

        assertThat(judge(ssh).findings())
                .extracting(Finding::message)
                .containsExactly(
                        "[ssh] there.net is not associated with this Tailnet and cannot be used in user:*@<domain> expressions",
                        "there.net is not associated with this Tailnet and cannot be used in user:*@<domain> expressions");
        assertThat(PolicyValidator.validate(policy(ssh), Domains.UNKNOWN).accepted())
                .isTrue();
    }

    @Test
    void whatIsUnknownIsAWarning() {
        Verdict verdict =
                judge("'novelty': {}, 'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*'], 'note': 'x'}]");

        assertThat(verdict.accepted()).isTrue();
        assertThat(verdict.warnings())
                .extracting(Problem::message)
                .containsExactlyInAnyOrder("unknown field \"novelty\"", "unknown field \"note\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'acls': [{'action': 'accept', 'dst': ['*:*']}] | src is empty, so the rule allows nobody",
                "'grants': [{'src': ['*'], 'ip': ['*']}] | dst is empty, so the rule reaches nothing",
                "'ssh': [{'action': 'accept', 'src': ['group:a'], 'dst': ['tag:a'], 'users': ['localpart:x']}] | user \"localpart:x\" means a login user of that name on the machine",
                "'ssh': [{'action': 'accept', 'src': ['group:a'], 'dst': ['tag:a'], 'users': ['root'], 'checkPeriod': '1h'}] | checkPeriod has no effect with action \"accept\"",
                "'nodeAttrs': [{'target': ['*']}] | attr, app and ipPool are all empty, so the entry has no effect",
                "'nodeAttrs': [{'attr': ['funnel']}] | target is empty, so nobody gets the attributes",
            })
    void warnsOfWhatNobodyMeans(String section, String warning) {
        Verdict verdict = judge(section);

        assertThat(verdict.accepted()).isTrue();
        assertThat(verdict.warnings()).extracting(Problem::message).containsExactly(warning);
    }

    @Test
    void namesComeBeforeRulesAndRulesInTheOrderOfTheirSections() {
        Verdict verdict = judge("'ssh': [{}], 'grants': [{}], 'acls': [{}], 'tagOwners': {'tag:1': []}");

        assertThat(verdict.findings())
                .extracting(Finding::message)
                .containsExactly(
                        "tagOwners[\"tag:1\"]: tag names must start with a letter, after 'tag:'",
                        "action=\"\" is not supported",
                        "ip and app can not both be empty",
                        "action must be specified",
                        "users must be specified");
    }

    @Test
    void findingsKnowTheirPlace() {
        Policy policy = Policy.parse(
                "{\n  \"acls\": [\n    {\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"a:b\"]},\n  ],\n}");
        Verdict verdict = PolicyValidator.validate(policy, Domains.UNKNOWN);

        assertThat(policy.describe(verdict.findings().getFirst().span()))
                .isEqualTo("line 3, column 48 (acls[0].dst[0])");
    }

    @Test
    void staysQuickWhereEverythingIsWrong() {
        String rule = "{'action': 'accept', 'src': ['*'], 'dst': ['a:b', 'a:b']},";
        Verdict verdict = judge("'acls': [" + rule.repeat(20_000) + "]");

        assertThat(verdict.findings()).hasSize(40_000);
    }

    private static Verdict judge(String section) {
        return PolicyValidator.validate(policy(section), Domains.of(Set.of("here.net")));
    }

    /** The section replaces names of the frame where it has some of its own. */
    private static Policy policy(String section) {
        boolean ownNames =
                section.contains("'tagOwners'") || section.contains("'hosts'") || section.contains("'groups'");
        return Policy.parse(("{" + (ownNames ? "" : NAMES) + section + "}").replace('\'', '"'));
    }
}
