package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.policy.Planning.fragment;
import static com.xonetwork.tailnet.testing.TestPolicy.ALLOW_ALL;
import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.policy.document.PolicyMark;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds a publication back that could be made. */
class PublishGuardsTest {

    private static final String DENY_ALL = "{\"acls\": []}";
    private static final String THEIRS = "// ours, hands off\n" + DENY_ALL;

    /** A policy without rules allows everything to everybody. */
    @Nested
    class Empty {

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{\"acls\": null}", "{\"tagOwners\": {\"tag:a\": []}}"})
        void isNeverPublished(String text) {
            held(
                    Planning.of(policy("base").says(text))
                            .owned()
                            .replacing()
                            .inForce(DENY_ALL)
                            .plan(),
                    Condition.FALSE,
                    Reason.POLICY_EMPTY,
                    "acls: []");
        }

        @Test
        void allowingNothingIsNotEmpty() {
            assertThat(Planning.of(policy("base").says(DENY_ALL))
                            .owned()
                            .inForce(ALLOW_ALL)
                            .plan()
                            .publication())
                    .isPresent();
        }
    }

    @Nested
    class Foreign {

        @Test
        void isLeftAlone() {
            held(
                    withoutAtomicWrite(THEIRS).plan(),
                    Condition.FALSE,
                    Reason.FOREIGN_POLICY,
                    "written by somebody else",
                    "onForeignPolicy: Replace");
        }

        @Test
        void alsoWhenItCannotBeParsed() {
            held(withoutAtomicWrite("{").plan(), Condition.FALSE, Reason.FOREIGN_POLICY, "somebody else");
        }

        @Test
        void isReplacedWhereToldTo() {
            publishes(withoutAtomicWrite(THEIRS).replacing().plan(), new PolicyPrecondition.Matches("e1"));
        }

        @Test
        void isNoLongerWhatWasTakenOver() {
            publishes(withoutAtomicWrite(THEIRS).owned().plan(), new PolicyPrecondition.Matches("e1"));
        }

        /** The operator died between the publication and the claim. */
        @Test
        void isNotWhatCarriesOurMark() {
            var ours = "// " + PolicyMark.line("net", "home") + "\n" + DENY_ALL;

            publishes(withoutAtomicWrite(ours).plan(), new PolicyPrecondition.Matches("e1"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{\"groups\": {}}"})
        void isNotWhatSaysNothing(String text) {
            publishes(withoutAtomicWrite(text).plan(), new PolicyPrecondition.Matches("e1"));
        }

        @Test
        void ofAnotherTailnetNamesIt() {
            var theirs = "// " + PolicyMark.line("other", "office") + "\n" + DENY_ALL;

            held(
                    Planning.of(policy("base")).inForce(theirs).plan(),
                    Condition.FALSE,
                    Reason.FOREIGN_POLICY,
                    "Tailnet other/office");
            publishes(
                    Planning.of(policy("base")).replacing().inForce(theirs).plan(),
                    new PolicyPrecondition.Matches("e1"));
        }

        private Planning withoutAtomicWrite(String inForce) {
            return Planning.of(policy("base"))
                    .on(TestView.of().without(Capability.POLICY_ATOMIC_WRITE))
                    .inForce(inForce);
        }
    }

    /** The default that every tailnet starts with looks like somebody's policy; only the service can tell. */
    @Nested
    class PerhapsTheDefault {

        @Test
        void isReplacedOnlyIfTheServiceSaysSo() {
            publishes(Planning.of(policy("base")).inForce(THEIRS).plan(), new PolicyPrecondition.NeverSet());
        }

        @Test
        void isForeignOnceTheServiceRefused() {
            held(
                    Planning.of(policy("base"))
                            .inForce(THEIRS)
                            .afterFailure(Failing.conflict())
                            .plan(),
                    Condition.FALSE,
                    Reason.FOREIGN_POLICY,
                    "somebody else");
        }

        /** The proof is about the policy in force, whatever we tried to put in its place. */
        @Test
        void isForeignAlsoToTheNextPolicy() {
            held(
                    Planning.of(policy("base"))
                            .inForce(THEIRS)
                            .afterFailure("another hash", new PolicyPrecondition.NeverSet(), Failing.conflict())
                            .plan(),
                    Condition.FALSE,
                    Reason.FOREIGN_POLICY,
                    "somebody else");
        }

        @Test
        void isNotForeignForAnotherFailure() {
            held(
                    Planning.of(policy("base"))
                            .inForce(THEIRS)
                            .afterFailure(Failing.rejected("tests failed"))
                            .plan(),
                    Condition.FALSE,
                    Reason.POLICY_REJECTED,
                    "tests failed");
        }

        @Test
        void isNotForeignForARaceOverAnother() {
            publishes(
                    Planning.of(policy("base"))
                            .inForce(THEIRS)
                            .afterFailure("a hash", new PolicyPrecondition.Matches("e0"), Failing.conflict())
                            .plan(),
                    new PolicyPrecondition.NeverSet());
        }

        @Test
        void isReplacedAsReadWhereToldTo() {
            publishes(
                    Planning.of(policy("base")).replacing().inForce(THEIRS).plan(),
                    new PolicyPrecondition.Matches("e1"));
        }
    }

    /** A tag without an owner falls off its devices, and with it the rules that reach them. */
    @Nested
    class TagInUse {

        private static final String TWO_TAGS = "{\"acls\": [], \"tagOwners\": {\"tag:db\": [], \"tag:web\": []}}";

        @Test
        void keepsItsOwner() {
            var plan = Planning.of(policy("base"))
                    .owned()
                    .inForce(TWO_TAGS)
                    .inUse("tag:db", "db-2", "db-1")
                    .inUse("tag:other", "x")
                    .plan();

            held(plan, Condition.FALSE, Reason.TAG_IN_USE, "tag:db (on db-1, db-2)");
            assertThat(plan.fact().message()).doesNotContain("tag:web", "tag:other");
        }

        /** Where the foreign policy is replaced, and where the default is tried. */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void keepsItsOwner(boolean replacing) {
            var planning = Planning.of(policy("base"));
            held(
                    (replacing ? planning.replacing() : planning)
                            .inForce(TWO_TAGS)
                            .inUse("tag:web", "web")
                            .plan(),
                    Condition.FALSE,
                    Reason.TAG_IN_USE,
                    "tag:web (on web)");
        }

        @Test
        void mayGetAnotherOwner() {
            publishes(
                    Planning.of(policy("base").says("{\"acls\": [], \"tagOwners\": {\"tag:db\": [\"a@example.com\"]}}"))
                            .owned()
                            .inForce(TWO_TAGS)
                            .inUse("tag:db", "db-1")
                            .plan(),
                    new PolicyPrecondition.Matches("e1"));
        }

        @Test
        void onNoNodeMayGo() {
            publishes(
                    Planning.of(policy("base")).owned().inForce(TWO_TAGS).plan(), new PolicyPrecondition.Matches("e1"));
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void isNotKnownWithoutTheDevices(boolean listedOnce) {
            var view = listedOnce
                    ? TestView.of().freshness(Freshness.STALE)
                    : TestView.of().freshness(Freshness.NEVER);

            var plan = Planning.of(policy("base"))
                    .owned()
                    .on(view)
                    .inForce(TWO_TAGS)
                    .plan();

            assertThat(plan.publication()).isEmpty();
            assertThat(plan.fact().status()).isEqualTo(Condition.UNKNOWN);
            assertThat(plan.fact().reason()).isEqualTo(Reason.TAILNET_NOT_READY);
            assertThat(plan.fact().message()).contains("tag:db", "tag:web");
            assertThat(fragment(plan, "base").state()).isEqualTo(State.UNKNOWN);
        }

        @Test
        void isNoMatterWhereNoTagGoes() {
            publishes(
                    Planning.of(policy("base"))
                            .owned()
                            .on(TestView.of().freshness(Freshness.STALE))
                            .inForce(DENY_ALL)
                            .plan(),
                    new PolicyPrecondition.Matches("e1"));
        }
    }

    private static void publishes(PolicyPlan plan, PolicyPrecondition precondition) {
        assertThat(plan.publication()).isPresent();
        assertThat(plan.publication().get().condition()).isEqualTo(precondition);
        assertThat(plan.takesOver()).isFalse();
    }

    /** Nothing is written, the Tailnet says why, and so does the AclPolicy. */
    private static void held(PolicyPlan plan, String status, Reason reason, String... messages) {
        assertThat(plan.publication()).isEmpty();
        assertThat(plan.takesOver()).isFalse();
        assertThat(plan.fact().status()).isEqualTo(status);
        assertThat(plan.fact().reason()).isEqualTo(reason);
        assertThat(plan.fact().message()).contains(messages);
        assertThat(fragment(plan, "base").state()).isEqualTo(State.HELD);
        assertThat(fragment(plan, "base").message()).isEqualTo(plan.fact().message());
    }
}
