package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.policy.Publishing.Answer;
import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.policy.document.PolicyText;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestAclPolicy;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A refusal names the AclPolicy and the line, and reaches whoever wrote it. */
class PolicyRefusalsTest {

    private static final String DENY_ALL = "{'acls': []}";

    private static TestAclPolicy base() {
        return acl("base", """
                {
                  'tagOwners': {'tag:web': ['autogroup:admin'], 'tag:db': ['autogroup:admin']},
                  'hosts': {'hub': '10.0.0.1'},
                  'acls': [{'action': 'accept', 'src': ['tag:web'], 'dst': ['hub:22']}],
                }""").priority(100);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("""
                        {
                          // Web servers reach the database.
                          'acls': [
                            {'action': 'accept', 'src': ['tag:web'],
                             'dst': ['tag:nope:5432']},
                          ],
                        }""", "spec.hujson, line 5 (acls[0].dst[0])", "tag not found: \"tag:nope\""),
                Arguments.of(
                        "{'acls': [{'action': 'accept', 'src': ['tag:web'],\n 'dst': ['tag:db:99999']}]}",
                        "spec.hujson, line 2 (acls[0].dst[0])",
                        "99999"),
                Arguments.of(
                        "{'grants': [{'src': ['group:nope'], 'dst': ['hub'], 'ip': ['*']}]}",
                        "spec.hujson, line 1 (grants[0].src[0])",
                        "group not found: \"group:nope\""),
                Arguments.of(
                        "{\n\n'tagOwners': {'tag:x': ['group:nope', 'a@example.com']}}",
                        "spec.hujson, line 3 (tagOwners[\"tag:x\"][0])",
                        "group not found: \"group:nope\""),
                Arguments.of(
                        "{'autoApprovers': {'routes': {'10.0.0.0/8': ['tag:nope']}}}",
                        "spec.hujson, line 1 (autoApprovers.routes[\"10.0.0.0/8\"][0])",
                        "tag not found: \"tag:nope\""),
                Arguments.of(
                        "{'ssh': [{'action': 'accept', 'src': ['tag:nope'], 'dst': ['tag:db'], 'users': ['root']}]}",
                        "spec.hujson, line 1 (ssh[0].src[0])",
                        "tag not found: \"tag:nope\""));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void itsOwnerIsToldBeforeTheControlPlaneIsAsked(String text, String line, String words) {
        var answer = Publishing.of(base(), acl("web", text))
                .owned()
                .inForce(DENY_ALL)
                .plan();

        assertThat(answer.said()).isEqualTo("False/PolicyRejected");
        assertThat(answer.message()).contains(words, "AclPolicy web, " + line).doesNotContain("of the merged policy");
        assertThat(answer.publishes()).isFalse();
        assertThat(answer.fragment("web").state()).isEqualTo(State.INVALID);
        assertThat(answer.fragment("web").message()).startsWith(line + ": ").contains(words);
        assertThat(answer.fragment("base").state()).isEqualTo(State.HELD);
        assertThat(answer.fragment("base").message()).contains("AclPolicy web");
    }

    @Test
    void alsoWhileTheTailnetOnlyObserves() {
        var answer = Publishing.of(
                        base(), acl("web", "{'acls': [{'action': 'accept', 'src': ['tag:nope'], 'dst': ['*:*']}]}"))
                .observing()
                .inForce(DENY_ALL)
                .plan();

        assertThat(answer.said()).isEqualTo("False/Differs");
        assertThat(answer.fragment("web").state()).isEqualTo(State.INVALID);
        assertThat(answer.fragment("base").state()).isEqualTo(State.OBSERVED);
    }

    @Test
    void alsoOfOneThatIsOnlyObserved() {
        var draft = acl("draft", "{'acls': [{'action': 'accept', 'src': ['tag:nope'], 'dst': ['*:*']}]}")
                .observed();
        var inForce = "{'tagOwners': {'tag:web': ['autogroup:admin'], 'tag:db': ['autogroup:admin']},"
                + " 'hosts': {'hub': '10.0.0.1'}, 'acls': [{'action': 'accept', 'src': ['tag:web'], 'dst': ['hub:22']}]}";

        for (var answer : new Answer[] {
            Publishing.of(base(), draft).owned().inForce(inForce).plan(),
            Publishing.of(base(), draft).owned().inForce(DENY_ALL).plan(),
            Publishing.of(draft).inForce(DENY_ALL).plan()
        }) {
            assertThat(answer.fragment("draft").state()).isEqualTo(State.INVALID);
            assertThat(answer.fragment("draft").message()).contains("tag not found: \"tag:nope\"");
        }
    }

    @Test
    void inYamlThePathIsThatOfTheField() throws Exception {
        var yaml = acl(
                "web",
                PolicyText.parse(
                        "{\"acls\": [{\"action\": \"accept\", \"src\": [\"tag:nope\"], \"dst\": [\"*:*\"]}]}"));

        assertThat(Publishing.of(base(), yaml).owned().inForce(DENY_ALL).plan().message())
                .contains("AclPolicy web, spec.fragment.acls[0].src[0]");
    }

    @Test
    void ofARuleThatTwoHaveBothAreTold() {
        var rule = "{'acls': [{'action': 'accept', 'src': ['tag:nope'], 'dst': ['*:*']}]}";
        var answer = Publishing.of(base(), acl("one", rule), acl("two", rule))
                .owned()
                .inForce(DENY_ALL)
                .plan();

        assertThat(answer.message()).contains("AclPolicy one, ", "AclPolicy two, ");
        assertThat(answer.fragment("one").state()).isEqualTo(State.INVALID);
        assertThat(answer.fragment("two").state()).isEqualTo(State.INVALID);
    }

    /** Whatever the operator finds: who runs the tailnet has said that the control plane is to judge. */
    @Test
    void notWhereTheOperatorOnlyWarns() {
        var answer = Publishing.of(
                        base(), acl("web", "{'acls': [{'action': 'accept', 'src': ['tag:nope'], 'dst': ['*:*']}]}"))
                .warning()
                .owned()
                .inForce(DENY_ALL)
                .plan();

        assertThat(answer.publishes()).isTrue();
        assertThat(answer.fragment("web").state()).isEqualTo(State.PENDING);
    }

    /** What is in force, the control plane has taken: then the operator is wrong, or the policy is older than a rule. */
    @Test
    void notOfWhatIsInForce() {
        var text = "{'acls': [{'action': 'accept', 'src': ['tag:nope'], 'dst': ['*:*']}]}";

        assertThat(Publishing.of(acl("web", text))
                        .owned()
                        .inForce(text)
                        .plan()
                        .fragment("web")
                        .state())
                .isEqualTo(State.PUBLISHED);
    }

    /** A test fails because of a rule, which may be another's: its owner is named, and nobody is called wrong. */
    @Test
    void aFailedTestNamesItsOwnerAndAccusesNobody() {
        var answer = Publishing.of(base(), acl("web", "{\n'tests': [{'src': 'tag:web', 'accept': ['tag:db:5432']}]}"))
                .owned()
                .inForce(DENY_ALL)
                .plan();

        assertThat(answer.message()).contains("test(s) failed", "AclPolicy web, spec.hujson, line 2 (tests[0])");
        assertThat(answer.fragment("web").state()).isEqualTo(State.HELD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // In the text that was sent the rules of web stand after those of base.
                "acls[1].dst[0]: no such thing | AclPolicy web, spec.hujson, line 3 (acls[0].dst[0]) | INVALID",
                "parsing policy: hosts[\"hub\"]: is reserved | AclPolicy base, spec.hujson, line 3 (hosts.hub) | HELD",
                "tag not found: \"tag:odd\" | AclPolicy web, spec.hujson, line 2 (acls[0].src[0]) | HELD",
                "setting policy: tag:odd is not permitted | AclPolicy web, spec.hujson, line 2 (acls[0].src[0]) | HELD",
                "tag:odd: no such device | AclPolicy web, spec.hujson, line 2 (acls[0].src[0]) | HELD",
                "tests[0]: failed | AclPolicy web, spec.hujson, line 4 (tests[0]) | HELD",
            })
    void theControlPlanesAnswerIsTracedToo(String words, String named, State web) {
        var text = """
                {'acls': [
                  {'action': 'accept', 'src': ['tag:odd'],
                   'dst': ['hub:1']}],
                 'tests': [{'src': 'tag:odd', 'accept': ['hub:1']}]}""";
        var asked = Publishing.of(base(), acl("web", text)).warning().owned().inForce(DENY_ALL);
        var publication = asked.plan().publication();

        var answer = asked.failed(publication.hash(), publication.condition(), Failing.rejected(words))
                .plan();

        assertThat(answer.said()).isEqualTo("False/PolicyRejected");
        assertThat(answer.message()).contains(words, named);
        assertThat(answer.fragment("web").state()).isEqualTo(web);
    }

    @Test
    void aLineOfThePublishedTextIsTracedToTheUsersLine() {
        var asked = Publishing.of(
                        base(), acl("web", "{'acls':\n\n [{'action': 'accept', 'src': ['tag:db'], 'dst': ['hub:1']}]}"))
                .owned()
                .inForce(DENY_ALL);
        var publication = asked.plan().publication();
        var lines = publication.text().lines().toList();
        var line = lines.indexOf(lines.stream()
                        .filter(one -> one.contains("\"tag:db\"]"))
                        .findFirst()
                        .orElseThrow())
                + 1;

        var answer = asked.failed(
                        publication.hash(), publication.condition(), Failing.rejected("line " + line + ": odd"))
                .plan();

        assertThat(answer.message()).contains("AclPolicy web, spec.hujson, line 3 (acls[0].src)");
        assertThat(answer.fragment("web").state()).isEqualTo(State.INVALID);
        assertThat(answer.fragment("base").state()).isEqualTo(State.HELD);
    }

    @Test
    void aRefusalThatSaysNothingOfThePolicyNamesNobody() {
        var asked = Publishing.of(base()).owned().inForce(DENY_ALL);
        var publication = asked.plan().publication();

        var answer = asked.failed(publication.hash(), publication.condition(), Failing.rejected("no"))
                .plan();

        assertThat(answer.message())
                .isEqualTo("the control plane refused the merged policy: no. The policy in force stays as it is");
    }
}
