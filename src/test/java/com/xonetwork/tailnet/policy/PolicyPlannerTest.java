package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition.Matches;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition.NeverSet;
import com.xonetwork.tailnet.policy.document.PolicyMark;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyPlannerTest {

    private static final String RULES = "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*']}]}";
    private static final String FOREIGN = "{'acls': [], 'hosts': {'theirs': '10.0.0.1'}}";

    @Nested
    class NothingToCompare {

        @Test
        void noPolicies() {
            var answer = Publishing.of().inForce(FOREIGN).plan();

            assertThat(answer.said()).isEqualTo("True/NoPolicies");
            assertThat(answer.plan().status()).isNull();
            assertThat(answer.publishes()).isFalse();
        }

        @Test
        void onlyObservedOnes() {
            var answer =
                    Publishing.of(acl("a", RULES).observed()).inForce(FOREIGN).plan();

            assertThat(answer.said()).isEqualTo("True/NoPolicies");
            assertThat(answer.message()).contains("Enforce");
            assertThat(answer.fragment("a").state()).isEqualTo(State.OBSERVED);
            assertThat(answer.plan().status().mergedHash()).isNull();
            assertThat(answer.publishes()).isFalse();
        }

        @Test
        void anInvalidFragmentHoldsAllOthers() {
            var answer = Publishing.of(acl("good", RULES), acl("bad", "{'acls': 'none'}"))
                    .plan();

            assertThat(answer.said()).isEqualTo("False/FragmentNotAccepted");
            assertThat(answer.message()).contains("AclPolicy bad: ").contains("stays as it is");
            assertThat(answer.fragment("bad").state()).isEqualTo(State.INVALID);
            assertThat(answer.fragment("good").state()).isEqualTo(State.HELD);
            assertThat(answer.fragment("good").message()).contains("AclPolicy bad");
            assertThat(answer.publishes()).isFalse();
        }

        @Test
        void anInvalidFragmentThatIsOnlyObservedHoldsNobody() {
            var answer = Publishing.of(
                            acl("good", RULES), acl("bad", "{'acls': 'none'}").observed())
                    .plan();

            assertThat(answer.publishes()).isTrue();
            assertThat(answer.fragment("bad").state()).isEqualTo(State.INVALID);
        }

        @Test
        void aConflictHoldsAndNamesBoth() {
            var answer = Publishing.of(
                            acl("first", "{'acls': [], 'hosts': {'db': '10.0.0.1'}}")
                                    .priority(5),
                            acl("second", "{'hosts': {'db': '10.0.0.2'}}"))
                    .plan();

            assertThat(answer.said()).isEqualTo("False/FragmentNotAccepted");
            assertThat(answer.message()).contains("first").contains("second").contains("db");
            assertThat(answer.fragment("second").state()).isEqualTo(State.CONFLICT);
            assertThat(answer.fragment("first").state()).isEqualTo(State.HELD);
            assertThat(answer.publishes()).isFalse();
        }

        @Test
        void aClashOfAnObservedOneIsItsOwnAffair() {
            var answer = Publishing.of(
                            acl("observed", "{'hosts': {'db': '10.0.0.1'}}")
                                    .observed()
                                    .priority(9),
                            acl("enforced", "{'acls': [], 'hosts': {'db': '10.0.0.2'}}"),
                            acl("watching", "{'hosts': {'db': '10.0.0.3'}}").observed())
                    .plan();

            assertThat(answer.fragment("observed").state()).isEqualTo(State.OBSERVED);
            assertThat(answer.fragment("watching").state()).isEqualTo(State.CONFLICT);
            assertThat(answer.fragment("enforced").state()).isEqualTo(State.PENDING);
            assertThat(answer.publication().text()).contains("10.0.0.2").doesNotContain("10.0.0.1");
        }

        @Test
        void capabilitiesNotKnownYet() {
            assertThat(Publishing.of(acl("a", RULES))
                            .on(TestView.of().capabilitiesUnknown())
                            .plan()
                            .said())
                    .isEqualTo("Unknown/TailnetNotReady");
        }

        @Test
        void aControlPlaneWithoutPolicies() {
            var answer = Publishing.of(acl("a", RULES))
                    .on(TestView.of().without(Capability.POLICY))
                    .plan();

            assertThat(answer.said()).isEqualTo("False/NotSupportedByControlPlane");
            assertThat(answer.message()).contains("POLICY");
        }

        @Test
        void notReadYet() {
            var answer = Publishing.of(acl("a", RULES))
                    .on(TestView.of().policyUnread())
                    .plan();

            assertThat(answer.said()).isEqualTo("Unknown/PolicyNotReadYet");
            assertThat(answer.publishes()).isFalse();
        }

        @ParameterizedTest
        @MethodSource("com.xonetwork.tailnet.policy.PolicyPlannerTest#failures")
        void notReadable(ControlPlaneException why) {
            var answer = Publishing.of(acl("a", RULES))
                    .on(TestView.of().policyTrouble(why))
                    .inForce(FOREIGN)
                    .plan();

            assertThat(answer.said()).isEqualTo("Unknown/" + Failures.reason(why));
            assertThat(answer.publishes())
                    .as("what was read before may be true no longer")
                    .isFalse();
        }
    }

    @Nested
    class Comparing {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{'acls': [], 'tagOwners': {'tag:a': ['group:x', 'group:y']}, 'groups': {'group:x': [], 'group:y': []}}",
                    "// theirs\n{'groups': {'group:y': [], 'group:x': []},\n 'tagOwners': {'tag:a': ['group:y', 'group:x'],},\n /* x */ 'acls': [],}",
                    "{'ACLs': [], 'TagOwners': {'tag:a': ['group:x', 'group:y']}, 'groups': {'group:x': [], 'group:y': []}}",
                })
        void inSyncHoweverWritten(String inForce) {
            var answer = Publishing.of(
                            acl("a", "{'acls': [], 'groups': {'group:x': []}, 'tagOwners': {'tag:a': ['group:x']}}"),
                            acl("b", "{'groups': {'group:y': []}, 'tagOwners': {'tag:a': ['group:y']}}"))
                    .inForce(inForce)
                    .plan();

            assertThat(answer.said()).isEqualTo("True/InSync");
            assertThat(answer.publishes()).isFalse();
            assertThat(answer.plan().status().fragments())
                    .extracting(PolicyFragmentStatus::state)
                    .containsOnly(State.PUBLISHED);
            assertThat(answer.fragment("a").message()).isNull();
            assertThat(answer.plan().status().mergedHash())
                    .isEqualTo(answer.plan().status().inForceHash());
        }

        @Test
        void observingNamesTheSectionsThatDiffer() {
            var answer = Publishing.of(acl("a", "{'acls': [], 'hosts': {'db': '10.0.0.1'}, 'groups': {}}"))
                    .inForce("{'acls': [], 'hosts': {'db': '10.0.0.2'}, 'ssh': [], 'groups': {}}")
                    .owned()
                    .observing()
                    .plan();

            assertThat(answer.said()).isEqualTo("False/Differs");
            assertThat(answer.message()).contains("in hosts, ssh;").contains("Observe");
            assertThat(answer.fragment("a").state()).isEqualTo(State.HELD);
            assertThat(answer.publishes()).isFalse();
        }

        @Test
        void observingSaysInSyncToo() {
            assertThat(Publishing.of(acl("a", RULES))
                            .inForce(RULES)
                            .observing()
                            .plan()
                            .said())
                    .isEqualTo("True/InSync");
        }

        @Test
        void driftIsPutBack() {
            var answer = Publishing.of(acl("a", RULES)).inForce(FOREIGN).owned().plan();

            assertThat(answer.said()).isEqualTo("False/Pending");
            assertThat(answer.publication().precondition()).isEqualTo(new Matches("e1"));
        }

        @Test
        void whatIsPublishedIsTheMergeUnderOurMark() {
            var one = acl("one", "{'acls': [], 'hosts': {'a': '10.0.0.1'}}");
            var two = acl("two", "{'hosts': {'b': '10.0.0.2'}}").priority(3);

            var publication = Publishing.of(one, two).plan().publication();

            assertThat(publication.precondition()).isEqualTo(new NeverSet());
            assertThat(PolicyMark.ownerIn(publication.text())).contains("net/home");
            var merged = PolicyView.of(publication.text());
            assertThat(merged.policy()).hasToString("{\"hosts\":{\"a\":\"10.0.0.1\",\"b\":\"10.0.0.2\"},\"acls\":[]}");
            assertThat(publication.hash()).isEqualTo(merged.fingerprint());
            assertThat(Publishing.of(two, one).plan().publication())
                    .as("the order in which they were seen does not matter")
                    .isEqualTo(publication);
        }

        @Test
        void afterwardsItIsInSync() {
            var published = Publishing.of(acl("a", RULES)).plan().publication();
            var answer =
                    Publishing.of(acl("a", RULES)).inForce(published.text()).plan();

            assertThat(answer.said()).isEqualTo("True/InSync");
            assertThat(answer.plan().status().inForceHash()).isEqualTo(published.hash());
        }
    }

    @Nested
    class Failed {

        private final Publishing publishing =
                Publishing.of(acl("a", RULES)).owned().inForce(FOREIGN);
        private final String hash = publishing.plan().publication().hash();

        @Test
        void aRefusedPolicyIsNotRepeated() {
            var answer = publishing
                    .failed(hash, new Matches("e1"), Failing.rejected("tests[0] failed"))
                    .plan();

            assertThat(answer.said()).isEqualTo("False/PolicyRejected");
            assertThat(answer.message()).contains("tests[0] failed").contains("stays as it is");
            assertThat(answer.fragment("a").state()).isEqualTo(State.HELD);
            assertThat(answer.fragment("a").message()).contains("tests[0] failed");
            assertThat(answer.publishes()).isFalse();
        }

        @ParameterizedTest
        @MethodSource("com.xonetwork.tailnet.policy.PolicyPlannerTest#failures")
        void nothingThatFailedIsRepeatedBeforeItsTime(ControlPlaneException why) {
            var answer = publishing.failed(hash, new Matches("e1"), why).plan();

            assertThat(answer.publishes()).isFalse();
            assertThat(answer.said())
                    .isEqualTo("False/"
                            + (why instanceof ControlPlaneException.Rejected
                                    ? "PolicyRejected"
                                    : Failures.reason(why)));
        }

        @Test
        void anOutageLeavesTheFragmentsPending() {
            assertThat(publishing
                            .failed(hash, new Matches("e1"), Failing.unavailable())
                            .plan()
                            .fragment("a")
                            .state())
                    .isEqualTo(State.PENDING);
        }

        @Test
        void anotherPolicyOrAnotherOneInForceIsAnotherAttempt() {
            assertThat(publishing
                            .failed("another", new Matches("e1"), Failing.rejected("no"))
                            .plan()
                            .publishes())
                    .isTrue();
            assertThat(publishing
                            .failed(hash, new Matches("e0"), Failing.conflict())
                            .plan()
                            .publishes())
                    .isTrue();
        }
    }

    static Stream<ControlPlaneException> failures() {
        return Failing.ofEachKind();
    }
}
