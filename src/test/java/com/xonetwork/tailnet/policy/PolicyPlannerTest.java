package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.policy.Planning.fragment;
import static com.xonetwork.tailnet.testing.TestPolicy.ALLOW_ALL;
import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.policy.document.PolicyMark;
import com.xonetwork.tailnet.policy.document.PolicyText;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compared, published and said. The guards have {@link PublishGuardsTest}. */
class PolicyPlannerTest {

    private static final String OWNED = "{\"tagOwners\": {\"tag:a\": []}, \"acls\": []}";

    private static final String DENY_ALL = "{\"acls\": []}";

    /** Without an AclPolicy that counts, the policy file is nobody's business. */
    @Nested
    class NotTouched {

        @Test
        void withoutAnAclPolicy() {
            var plan = Planning.of().owned().inForce(DENY_ALL).plan();

            says(plan, Condition.TRUE, Reason.NO_POLICIES, "does not change the policy file");
            assertThat(plan.status()).isNull();
            assertThat(plan.takesOver()).isFalse();
        }

        @Test
        void whileAllAreObserved() {
            var plan = Planning.of(
                            policy("draft").observed(),
                            policy("typo").observed().says("{"))
                    .owned()
                    .inForce(DENY_ALL)
                    .plan();

            says(plan, Condition.TRUE, Reason.NO_POLICIES, "no AclPolicy has mode Enforce");
            assertThat(fragment(plan, "draft").state()).isEqualTo(State.OBSERVED);
            assertThat(fragment(plan, "typo").state()).isEqualTo(State.INVALID);
            assertThat(status(plan).mergedHash()).isNull();
        }

        @Test
        void whileAllAreObservedAndWouldBeTheSame() {
            assertThat(Planning.of(policy("draft").observed())
                            .inForce(ALLOW_ALL)
                            .plan()
                            .takesOver())
                    .isFalse();
        }
    }

    /** One fragment that cannot be used holds the whole publication: without it the others mean something else. */
    @Nested
    class Unusable {

        @Test
        void invalid() {
            var plan = Planning.of(policy("good"), policy("bad").says("{\"acls\": 1}"))
                    .owned()
                    .inForce(DENY_ALL)
                    .plan();

            says(plan, Condition.FALSE, Reason.FRAGMENT_NOT_ACCEPTED, "AclPolicy bad: spec.hujson, line 1: acls");
            assertThat(fragment(plan, "bad").state()).isEqualTo(State.INVALID);
            assertThat(fragment(plan, "good").state()).isEqualTo(State.HELD);
            assertThat(fragment(plan, "good").message()).contains("AclPolicy bad");
        }

        @Test
        void clashing() {
            var plan = Planning.of(
                            policy("base"),
                            policy("first")
                                    .says("{\"hosts\": {\"db\": \"10.0.0.1\"}}")
                                    .priority(5),
                            policy("second").says("{\"hosts\": {\"db\": \"10.0.0.2\"}}"))
                    .owned()
                    .inForce(DENY_ALL)
                    .plan();

            says(plan, Condition.FALSE, Reason.FRAGMENT_NOT_ACCEPTED, "AclPolicy second");
            assertThat(fragment(plan, "second").state()).isEqualTo(State.CONFLICT);
            assertThat(fragment(plan, "second").message()).contains("first", "10.0.0.1", "10.0.0.2");
            assertThat(fragment(plan, "first").state()).isEqualTo(State.HELD);
        }

        @Test
        void anObservedOneHoldsNothing() {
            var plan = Planning.of(
                            policy("good").says("{\"acls\": [], \"hosts\": {\"db\": \"10.0.0.1\"}}"),
                            policy("typo").observed().says("{"),
                            policy("clash").observed().says("{\"hosts\": {\"db\": \"10.0.0.2\"}}"))
                    .owned()
                    .inForce(ALLOW_ALL)
                    .plan();

            assertThat(plan.publication()).isPresent();
            assertThat(fragment(plan, "typo").state()).isEqualTo(State.INVALID);
            assertThat(fragment(plan, "clash").state()).isEqualTo(State.CONFLICT);
            assertThat(fragment(plan, "good").state()).isEqualTo(State.PENDING);
        }
    }

    /** Unknown is not different. */
    @Nested
    class NotKnown {

        @Test
        void controlPlaneNotReached() {
            var plan = Planning.of(policy("base"))
                    .on(TestView.empty(Freshness.NEVER))
                    .plan();

            says(plan, Condition.UNKNOWN, Reason.TAILNET_NOT_READY, "not been reached yet");
            assertThat(fragment(plan, "base").state()).isEqualTo(State.UNKNOWN);
        }

        @Test
        void notRead() {
            var plan = Planning.of(policy("base"))
                    .owned()
                    .on(TestView.of().policyUnread())
                    .plan();

            says(plan, Condition.UNKNOWN, Reason.POLICY_NOT_READ_YET, "not been read yet");
            assertThat(fragment(plan, "base").state()).isEqualTo(State.UNKNOWN);
        }

        @Test
        void notOffered() {
            var plan = Planning.of(policy("base"))
                    .on(TestView.of().without(Capability.POLICY))
                    .plan();

            says(plan, Condition.FALSE, Reason.NOT_SUPPORTED_BY_CONTROL_PLANE, "POLICY");
            assertThat(fragment(plan, "base").state()).isEqualTo(State.HELD);
        }

        @ParameterizedTest
        @MethodSource("com.xonetwork.tailnet.testing.Failing#ofEachKind")
        void notReadable(ControlPlaneException trouble) {
            var plan = Planning.of(policy("base"))
                    .owned()
                    .on(TestView.of().policyTrouble(trouble))
                    .inForce(DENY_ALL)
                    .plan();

            says(plan, Condition.UNKNOWN, Failures.reason(trouble), Failures.message(trouble));
        }

        @Test
        void whatCannotBeReadIsNeitherHeldNorPending() {
            assertThat(fragment(unreadable(Failing.unauthorized()), "base").state())
                    .isEqualTo(State.UNKNOWN);
            assertThat(fragment(unreadable(Failing.unavailable()), "base").state())
                    .isEqualTo(State.UNKNOWN);
        }

        private PolicyPlan unreadable(ControlPlaneException trouble) {
            return Planning.of(policy("base"))
                    .on(TestView.of().policyTrouble(trouble))
                    .plan();
        }
    }

    @Nested
    class InForce {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    ALLOW_ALL,
                    "// by hand\n{\"ACLs\": [{\"dst\": [\"*:*\"], \"src\": [\"*\"], \"action\": \"accept\",}],}",
                })
        void theSameHoweverWritten(String text) {
            var plan = Planning.of(policy("base")).owned().inForce(text).plan();

            says(plan, Condition.TRUE, Reason.IN_SYNC, "in force");
            assertThat(fragment(plan, "base").state()).isEqualTo(State.PUBLISHED);
            assertThat(status(plan).inForceHash())
                    .isEqualTo(status(plan).mergedHash())
                    .isEqualTo(PolicyView.of(ALLOW_ALL).fingerprint());
        }

        @Test
        void isTakenOver() {
            assertThat(Planning.of(policy("base")).inForce(ALLOW_ALL).plan().takesOver())
                    .isTrue();
        }

        @Test
        void isTakenOverOnlyOnce() {
            assertThat(Planning.of(policy("base"))
                            .owned()
                            .inForce(ALLOW_ALL)
                            .plan()
                            .takesOver())
                    .isFalse();
        }

        @Test
        void isNotedWhenAnotherWasPublishedLast() {
            assertThat(Planning.of(policy("base"))
                            .owned()
                            .published("another")
                            .inForce(ALLOW_ALL)
                            .plan()
                            .takesOver())
                    .isTrue();
        }

        /** What the operator adds, no AclPolicy can say: step 4 of taking over would never end. */
        @Test
        void theSameButForWhatTheOperatorAdds() {
            var plan = Planning.of(policy("base").says(OWNED))
                    .approving("10.0.0.0/8", "tag:a")
                    .observing()
                    .inForce(OWNED)
                    .plan();

            says(plan, Condition.TRUE, Reason.IN_SYNC, "the operator adds the autoApprovers");
            assertThat(plan.publication()).isEmpty();
            assertThat(plan.takesOver()).isFalse();
            assertThat(fragment(plan, "base").state()).isEqualTo(State.PUBLISHED);
        }

        /** AclPolicies say all of it: adding to it takes nothing from whoever wrote it. */
        @Test
        void isExtendedWithoutReplacing() {
            var plan = Planning.of(policy("base").says(OWNED))
                    .approving("10.0.0.0/8", "tag:a")
                    .inForce(OWNED)
                    .plan();

            assertThat(plan.fact().reason()).isEqualTo(Reason.PENDING);
            assertThat(plan.publication().orElseThrow().text()).contains("10.0.0.0/8");
            assertThat(plan.publication().orElseThrow().condition()).isEqualTo(new PolicyPrecondition.Matches("e1"));
        }

        @Test
        void isNotExtendedWhereAnotherTailnetMarkedIt() {
            var plan = Planning.of(policy("base").says(OWNED))
                    .approving("10.0.0.0/8", "tag:a")
                    .inForce("// " + PolicyMark.line("net", "other") + "\n" + OWNED)
                    .plan();

            says(plan, Condition.FALSE, Reason.FOREIGN_POLICY, "net/other");
        }

        @Test
        void isNotTakenOverByWhoOnlyObserves() {
            var plan =
                    Planning.of(policy("base")).observing().inForce(ALLOW_ALL).plan();

            says(plan, Condition.TRUE, Reason.IN_SYNC, "in force");
            assertThat(plan.takesOver()).isFalse();
        }

        @Test
        void isNotTakenOverFromAnotherTailnetThatSaysTheSame() {
            var theirs = "// " + PolicyMark.line("other", "tailnet") + "\n" + ALLOW_ALL;

            assertThat(Planning.of(policy("base")).inForce(theirs).plan().takesOver())
                    .isFalse();
        }
    }

    @Nested
    class Observing {

        @Test
        void namesTheSectionsThatDiffer() {
            var plan = Planning.of(policy("base")
                            .says("{\"acls\": [], \"hosts\": {\"db\": \"10.0.0.1\"}, \"groups\": {\"group:a\": []}}"))
                    .observing()
                    .owned()
                    .inForce("{\"acls\": [], \"hosts\": {\"db\": \"10.0.0.2\"}, \"tests\": []}")
                    .plan();

            says(plan, Condition.FALSE, Reason.DIFFERS, "in groups, hosts, tests;");
            assertThat(fragment(plan, "base").state()).isEqualTo(State.OBSERVED);
            assertThat(status(plan).inForceHash())
                    .isNotNull()
                    .isNotEqualTo(status(plan).mergedHash());
        }

        @Test
        void namesWhatNoUserCanMend() {
            var plan = Planning.of(policy("base").says(OWNED))
                    .approving("10.0.0.0/8", "tag:a")
                    .observing()
                    .inForce("{\"tagOwners\": {\"tag:a\": []}, \"acls\": [{\"action\": \"accept\"}]}")
                    .plan();

            says(
                    plan,
                    Condition.FALSE,
                    Reason.DIFFERS,
                    "in acls, autoApprovers (only by what the operator adds for SubnetRoutes and ExitNodes)");
        }

        @Test
        void nothingWasEverSet() {
            says(
                    Planning.of(policy("base")).observing().plan(),
                    Condition.FALSE,
                    Reason.DIFFERS,
                    "no policy was ever set");
        }

        @Test
        void theOneInForceCannotBeParsed() {
            var plan = Planning.of(policy("base")).observing().inForce("{").plan();

            says(plan, Condition.FALSE, Reason.DIFFERS, "cannot be parsed");
            assertThat(status(plan).inForceHash()).isNull();
        }
    }

    @Nested
    class Publishing {

        @Test
        void whatTheEnforcedOnesSayAndNothingElse() {
            var plan = Planning.of(
                            policy("b")
                                    .says(
                                            "{\"grants\": [{\"src\": [\"100.64.0.2\"], \"dst\": [\"100.64.0.2\"], \"ip\": [\"*\"]}]}"),
                            policy("a")
                                    .priority(-1)
                                    .says(
                                            "{\"grants\": [{\"src\": [\"100.64.0.1\"], \"dst\": [\"100.64.0.1\"], \"ip\": [\"*\"]}]}"),
                            policy("draft").priority(9).observed().says("{\"hosts\": {\"secret\": \"10.0.0.9\"}}"))
                    .owned()
                    .inForce(DENY_ALL)
                    .plan();

            var publication = plan.publication().orElseThrow();
            assertThat(PolicyText.parse(publication.text())).isEqualTo(PolicyText.parse("""
                                    {"grants": [{"src": ["100.64.0.2"], "dst": ["100.64.0.2"], "ip": ["*"]},
                                                {"src": ["100.64.0.1"], "dst": ["100.64.0.1"], "ip": ["*"]}]}
                                    """));
            assertThat(publication.text()).doesNotContain("secret");
            assertThat(PolicyMark.ownerIn(publication.text())).hasValue("net/home");
            assertThat(publication.hash())
                    .isEqualTo(status(plan).mergedHash())
                    .isEqualTo(PolicyView.of(publication.text()).fingerprint());
            assertThat(plan.fact().reason()).isEqualTo(Reason.PENDING);
            assertThat(plan.fact().message()).contains("acls", "grants");
            assertThat(fragment(plan, "a").state()).isEqualTo(State.PENDING);
            assertThat(fragment(plan, "draft").state()).isEqualTo(State.OBSERVED);
        }

        @Test
        void overTheOneThatWasRead() {
            assertThat(Planning.of(policy("base")).owned().inForce(DENY_ALL).plan())
                    .extracting(plan -> plan.publication().orElseThrow().condition())
                    .isEqualTo(new PolicyPrecondition.Matches("e1"));
        }

        @Test
        void whereNoneWasEverSet() {
            assertThat(Planning.of(policy("base"))
                            .plan()
                            .publication()
                            .orElseThrow()
                            .condition())
                    .isEqualTo(new PolicyPrecondition.NeverSet());
        }

        @Test
        void overOursThatCannotBeParsed() {
            assertThat(Planning.of(policy("base")).owned().inForce("{").plan().publication())
                    .isPresent();
        }

        @Test
        void theRefusedIsNotRepeated() {
            var plan = Planning.of(policy("base"))
                    .owned()
                    .inForce(DENY_ALL)
                    .afterFailure(Failing.rejected("acls: no such group"))
                    .plan();

            says(plan, Condition.FALSE, Reason.POLICY_REJECTED, "acls: no such group");
            assertThat(fragment(plan, "base").state()).isEqualTo(State.HELD);
        }

        static Stream<ControlPlaneException> passing() {
            return Stream.of(Failing.unavailable(), Failing.rateLimited(Duration.ofSeconds(9)), Failing.conflict());
        }

        @ParameterizedTest
        @MethodSource("passing")
        void whatPassesByItselfIsPending(ControlPlaneException failure) {
            var plan = Planning.of(policy("base"))
                    .owned()
                    .inForce(DENY_ALL)
                    .afterFailure(failure)
                    .plan();

            says(plan, Condition.FALSE, Failures.reason(failure), Failures.message(failure));
            assertThat(fragment(plan, "base").state()).isEqualTo(State.PENDING);
        }

        @Test
        void anotherPolicyIsTriedAtOnce() {
            assertThat(Planning.of(policy("base"))
                            .owned()
                            .inForce(DENY_ALL)
                            .afterFailure("another hash", new PolicyPrecondition.Matches("e1"), Failing.rejected("no"))
                            .plan()
                            .publication())
                    .isPresent();
        }

        @Test
        void theSamePolicyIsTriedAtOnceOverAnotherOneInForce() {
            var tried = Planning.of(policy("base")).owned().inForce(DENY_ALL);
            var hash = tried.plan().publication().orElseThrow().hash();

            assertThat(tried.afterFailure(hash, new PolicyPrecondition.Matches("e0"), Failing.conflict())
                            .plan()
                            .publication())
                    .isPresent();
        }
    }

    private static TailnetPolicyStatus status(PolicyPlan plan) {
        return Objects.requireNonNull(plan.status());
    }

    /** The plan says this and writes nothing. */
    private static void says(PolicyPlan plan, String status, Reason reason, String message) {
        assertThat(plan.publication()).isEmpty();
        assertThat(plan.fact().type()).isEqualTo(ConditionType.POLICY_IN_SYNC);
        assertThat(plan.fact().status()).isEqualTo(status);
        assertThat(plan.fact().reason()).isEqualTo(reason);
        assertThat(plan.fact().message()).contains(message);
    }
}
