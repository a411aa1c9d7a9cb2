package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.policy.Publishing.markedBy;
import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition.Matches;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition.NeverSet;
import com.xonetwork.tailnet.policy.Publishing.Answer;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the planner holds back, and whose policy it takes one for. */
class PolicyBrakesTest {

    private static final String RULES = "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*']}]}";
    private static final String FOREIGN = "{'acls': [], 'hosts': {'theirs': '10.0.0.1'}}";

    @Nested
    class Brakes {

        @ParameterizedTest
        @ValueSource(
                strings = {"{}", "{'hosts': {'db': '10.0.0.1'}}", "{'tagOwners': {'tag:a': []}}", "{'acls': null}"})
        void aPolicyThatWouldAllowEverything(String fragment) {
            var answer =
                    Publishing.of(acl("a", fragment)).owned().inForce(RULES).plan();

            assertThat(answer.said()).isEqualTo("False/PolicyEmpty");
            assertThat(answer.message()).contains("acls: []");
            assertThat(answer.publishes()).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"{'acls': []}", "{'grants': []}"})
        void onePolicyThatAllowsNothingIsMeant(String fragment) {
            assertThat(Publishing.of(acl("a", fragment))
                            .owned()
                            .inForce(RULES)
                            .plan()
                            .publishes())
                    .isTrue();
        }

        @Test
        void theOwnerOfATagInUse() {
            var answer = Publishing.of(acl("a", RULES))
                    .owned()
                    .inForce("{'acls': [], 'tagOwners': {'tag:db': [], 'tag:idle': [], 'tag:web': []}}")
                    .inUse("tag:web", "web-1", "web-2")
                    .inUse("tag:db", "db")
                    .inUse("tag:other", "x")
                    .plan();

            assertThat(answer.said()).isEqualTo("False/TagInUse");
            assertThat(answer.message())
                    .contains("tag:db (on db); tag:web (on web-1, web-2)")
                    .doesNotContain("idle")
                    .doesNotContain("other");
            assertThat(answer.publishes()).isFalse();
        }

        @Test
        void aTagThatNobodyCarriesMayGo() {
            assertThat(Publishing.of(acl("a", RULES))
                            .owned()
                            .inForce("{'acls': [], 'tagOwners': {'tag:idle': []}}")
                            .inUse("tag:web", "web-1")
                            .plan()
                            .publishes())
                    .isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"STALE", "NEVER"})
        void whileTheDevicesAreUnknownATagMayBeInUse(Freshness freshness) {
            var view = freshness == Freshness.STALE
                    ? TestView.of().freshness(freshness)
                    : TestView.of().freshness(Freshness.NEVER);
            var answer = Publishing.of(acl("a", RULES))
                    .on(view)
                    .owned()
                    .inForce("{'acls': [], 'tagOwners': {'tag:idle': []}}")
                    .plan();

            assertThat(answer.said()).isEqualTo("Unknown/TailnetNotReady");
            assertThat(answer.message()).contains("tag:idle");
            assertThat(answer.publishes()).isFalse();
        }

        @Test
        void whereNoTagGoesTheDevicesDoNotMatter() {
            assertThat(Publishing.of(acl("a", RULES))
                            .on(TestView.of().freshness(Freshness.STALE))
                            .owned()
                            .inForce(FOREIGN)
                            .plan()
                            .publishes())
                    .isTrue();
        }

        @Test
        void aForeignPolicyMayNotLoseTagsInUseEither() {
            assertThat(Publishing.of(acl("a", RULES))
                            .replacing()
                            .inForce("{'acls': [], 'tagOwners': {'tag:web': []}}")
                            .inUse("tag:web", "web-1")
                            .plan()
                            .said())
                    .isEqualTo("False/TagInUse");
        }
    }

    @Nested
    class Foreign {

        private TestView withoutAtomicWrite() {
            return TestView.of().without(Capability.POLICY_ATOMIC_WRITE);
        }

        @Test
        void isLeftAlone() {
            var answer = Publishing.of(acl("a", RULES))
                    .on(withoutAtomicWrite())
                    .inForce(FOREIGN)
                    .plan();

            refused(answer);
            assertThat(answer.message()).contains("somebody else").contains("onForeignPolicy: Replace");
        }

        @Test
        void isReplacedWhenToldSo() {
            var answer =
                    Publishing.of(acl("a", RULES)).inForce(FOREIGN).replacing().plan();

            assertThat(answer.publication().precondition()).isEqualTo(new Matches("e1"));
        }

        @Test
        void onlyTheServiceCanTellItsDefaultFromOne() {
            var answer = Publishing.of(acl("a", RULES)).inForce(FOREIGN).plan();

            assertThat(answer.publication().precondition())
                    .as("replaces a policy nobody wrote, and no other")
                    .isEqualTo(new NeverSet());
        }

        @Test
        void whenTheServiceSaidThatItIsNoDefaultItIsForeign() {
            var hash = Publishing.of(acl("a", RULES)).plan().publication().hash();

            refused(Publishing.of(acl("a", RULES))
                    .inForce(FOREIGN)
                    .failed(hash, new NeverSet(), Failing.conflict())
                    .plan());
            refused(Publishing.of(acl("a", RULES))
                    .inForce(FOREIGN)
                    .failed("of an earlier merge", new NeverSet(), Failing.conflict())
                    .plan());
        }

        @Test
        void anOutageDuringThatQuestionAnswersNothing() {
            var hash = Publishing.of(acl("a", RULES)).plan().publication().hash();

            assertThat(Publishing.of(acl("a", RULES))
                            .inForce(FOREIGN)
                            .failed(hash, new NeverSet(), Failing.unavailable())
                            .plan()
                            .said())
                    .isEqualTo("False/ControlPlaneUnavailable");
        }

        @Test
        void theMarkOfAnotherTailnetIsProof() {
            var answer = Publishing.of(acl("a", RULES))
                    .inForce(markedBy("other", "home", FOREIGN))
                    .plan();

            refused(answer);
            assertThat(answer.message()).contains("Tailnet other/home").contains("another cluster");
        }

        @Test
        void ourOwnMarkMeansDrift() {
            var answer = Publishing.of(acl("a", RULES))
                    .on(withoutAtomicWrite())
                    .inForce(markedBy("net", "home", FOREIGN))
                    .plan();

            assertThat(answer.publication().precondition()).isEqualTo(new Matches("e1"));
        }

        @Test
        void onceTakenOverItIsOursWhoeverEditsIt() {
            assertThat(Publishing.of(acl("a", RULES))
                            .inForce(markedBy("other", "home", FOREIGN))
                            .owned()
                            .plan()
                            .publishes())
                    .isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "// nothing\n{'acls': null, 'hosts': {}}"})
        void aBlankPolicyIsNobodys(String blank) {
            var answer = Publishing.of(acl("a", RULES))
                    .on(withoutAtomicWrite())
                    .inForce(blank)
                    .plan();

            assertThat(answer.publication().precondition()).isEqualTo(new Matches("e1"));
        }

        @Test
        void oneThatCannotBeParsedIsSomebodys() {
            refused(Publishing.of(acl("a", RULES))
                    .on(withoutAtomicWrite())
                    .inForce("{ broken")
                    .plan());
            var told = Publishing.of(acl("a", RULES))
                    .inForce("{ broken")
                    .replacing()
                    .plan();
            assertThat(told.publishes()).isTrue();
            assertThat(told.message()).contains("cannot be parsed");
            assertThat(told.plan().status().inForceHash()).isNull();
        }

        @Test
        void anEqualOneNeedsNoDecision() {
            assertThat(Publishing.of(acl("a", RULES))
                            .inForce(markedBy("other", "home", RULES))
                            .plan()
                            .said())
                    .isEqualTo("True/InSync");
        }

        private void refused(Answer answer) {
            assertThat(answer.said()).isEqualTo("False/ForeignPolicy");
            assertThat(answer.publishes()).isFalse();
        }
    }
}
