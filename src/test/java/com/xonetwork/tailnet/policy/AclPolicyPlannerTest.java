package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.api.v1alpha1.TailnetStatus;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AclPolicyPlannerTest {

    @Test
    void withoutTailnet() {
        var plan = plan(policy("base").build(), null);

        both(plan, Condition.UNKNOWN, Reason.TAILNET_NOT_FOUND, "no Tailnet home");
        assertThat(plan.sections()).containsExactly("acls");
    }

    /** Nothing outside has to be known to tell a user of a typing error. */
    @Test
    void notWellFormedWhateverTheTailnet() {
        var broken = policy("base").says("{\"acls\": 1}").build();

        for (var home : new Tailnet[] {null, merged(State.PUBLISHED, 1)}) {
            var plan = plan(broken, home);

            both(plan, Condition.FALSE, Reason.INVALID, "accepted");
            assertThat(plan.facts().getFirst().message()).contains("acls", "stays as it is");
            assertThat(plan.sections()).isEmpty();
        }
    }

    /** Another AclPolicy of the same apply may define the group; a typing error nothing mends. */
    @Test
    void whatTheAclPoliciesTogetherDecideMayFollow() {
        var invalid = merged(State.INVALID, 1);
        var byMerge = plan(policy("base").build(), invalid);
        assertThat(byMerge.mayFollow()).isTrue();
        assertThat(byMerge.settling()).contains(Reason.INVALID, Reason.CONFLICT, Reason.HELD);

        var broken = plan(policy("base").says("{\"acls\": 1}").build(), invalid);
        assertThat(broken.mayFollow()).isFalse();
        assertThat(broken.settling()).isEmpty();
        assertThat(plan(policy("base").build(), merged(State.PUBLISHED, 1)).mayFollow())
                .isFalse();
    }

    static Stream<Tailnet> notMerged() {
        var older = merged(State.PUBLISHED, 6);
        var other = tailnet("home").build();
        other.setStatus(status(List.of(), new PolicyFragmentStatus("other", 7, State.PUBLISHED, null)));
        var withoutPolicy = tailnet("home").build();
        withoutPolicy.setStatus(new TailnetStatus(1L, List.of(), null, List.of(), null, null));
        return Stream.of(tailnet("home").build(), withoutPolicy, other, older);
    }

    @ParameterizedTest
    @MethodSource("notMerged")
    void notMergedYet(Tailnet home) {
        both(
                plan(policy("base").generation(7).build(), home),
                Condition.UNKNOWN,
                Reason.PENDING,
                "Tailnet home has not merged this AclPolicy yet");
    }

    /** Published=False, and the Tailnet says that something else is in force: so must Ready. */
    @Test
    void readyDoesNotSayInForceOfWhatIsOnlyCompared() {
        var observing = tailnet("home").build();
        observing.setStatus(status(
                List.of(),
                new PolicyFragmentStatus(
                        "base",
                        1,
                        State.OBSERVED,
                        "the policy in force differs; policy.mode is Observe, so nothing is published")));

        assertThat(plan(policy("base").build(), observing).ready())
                .isEqualTo(
                        "accepted; this version is not published: the policy in force differs; policy.mode is Observe, so"
                                + " nothing is published");
        assertThat(plan(policy("base").observed().build(), merged(State.OBSERVED, 1))
                        .ready())
                .startsWith("accepted; this version is not published: ");
        assertThat(plan(policy("base").build(), merged(State.PUBLISHED, 1)).ready())
                .isEqualTo("accepted and in force");
    }

    @Test
    void notMergedByATailnetThatWaitsForAHuman() {
        var home = tailnet("home").build();
        home.setStatus(status(List.of(
                condition("Ready", Condition.FALSE, "no"),
                condition("Stalled", Condition.TRUE, "there is no Secret creds"))));

        both(
                plan(policy("base").build(), home),
                Condition.UNKNOWN,
                Reason.HELD,
                "Tailnet home is stalled: there is no Secret creds");
    }

    @Test
    void notMergedByATailnetThatDoesNotWait() {
        var home = tailnet("home").build();
        home.setStatus(status(List.of(condition("Stalled", Condition.FALSE, "nothing"))));

        both(plan(policy("base").build(), home), Condition.UNKNOWN, Reason.PENDING, "not merged");
    }

    static Stream<Arguments> states() {
        return Stream.of(
                Arguments.of(
                        State.PUBLISHED, Condition.TRUE, Reason.ACCEPTED, Condition.TRUE, Reason.PUBLISHED, "in force"),
                Arguments.of(State.PENDING, Condition.TRUE, Reason.ACCEPTED, Condition.FALSE, Reason.PENDING, "why"),
                Arguments.of(State.HELD, Condition.TRUE, Reason.ACCEPTED, Condition.FALSE, Reason.HELD, "why"),
                Arguments.of(State.OBSERVED, Condition.TRUE, Reason.ACCEPTED, Condition.FALSE, Reason.OBSERVED, "why"),
                Arguments.of(
                        State.UNKNOWN,
                        Condition.TRUE,
                        Reason.ACCEPTED,
                        Condition.UNKNOWN,
                        Reason.TAILNET_NOT_READY,
                        "why"),
                Arguments.of(
                        State.INVALID, Condition.FALSE, Reason.INVALID, Condition.FALSE, Reason.INVALID, "accepted"),
                Arguments.of(
                        State.CONFLICT,
                        Condition.FALSE,
                        Reason.CONFLICT,
                        Condition.FALSE,
                        Reason.CONFLICT,
                        "accepted"));
    }

    @ParameterizedTest
    @MethodSource("states")
    void merged(
            State state, String accepted, Reason acceptedWhy, String published, Reason publishedWhy, String message) {
        var policy = policy("base").generation(7);
        var plan = plan((state == State.OBSERVED ? policy.observed() : policy).build(), merged(state, 7));

        assertThat(plan.facts())
                .satisfiesExactly(
                        fact -> {
                            assertThat(fact.type()).isEqualTo(ConditionType.ACCEPTED);
                            assertThat(fact.status()).isEqualTo(accepted);
                            assertThat(fact.reason()).isEqualTo(acceptedWhy);
                            if (accepted.equals(Condition.FALSE)) {
                                assertThat(fact.message()).isEqualTo("why");
                            }
                        },
                        fact -> {
                            assertThat(fact.type()).isEqualTo(ConditionType.PUBLISHED);
                            assertThat(fact.status()).isEqualTo(published);
                            assertThat(fact.reason()).isEqualTo(publishedWhy);
                            assertThat(fact.message()).contains(message);
                        });
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void sectionsAreThoseThatItNames(State state) {
        var says = policy("base").says("{\"tagOwners\": {}, \"ACLs\": [], \"groups\": {}}");

        assertThat(plan(says.build(), merged(state, 1)).sections()).containsExactly("acls", "groups", "tagOwners");
    }

    private static AclPolicyPlan plan(AclPolicy policy, Tailnet tailnet) {
        return AclPolicyPlanner.plan(new AclPolicyInput(policy, tailnet));
    }

    private static void both(AclPolicyPlan plan, String status, Reason reason, String message) {
        assertThat(plan.facts())
                .extracting(fact -> fact.type())
                .containsExactly(ConditionType.ACCEPTED, ConditionType.PUBLISHED);
        assertThat(plan.facts()).allSatisfy(fact -> {
            assertThat(fact.status()).isEqualTo(status);
            assertThat(fact.reason()).isEqualTo(reason);
        });
        assertThat(plan.facts().getLast().message()).contains(message);
    }

    private static Tailnet merged(State state, long generation) {
        var home = tailnet("home").build();
        home.setStatus(status(List.of(), new PolicyFragmentStatus("base", generation, state, "why")));
        return home;
    }

    private static TailnetStatus status(List<Condition> conditions, PolicyFragmentStatus... fragments) {
        return new TailnetStatus(
                1L, conditions, null, List.of(), null, new TailnetPolicyStatus(null, null, List.of(fragments), null));
    }

    private static Condition condition(String type, String status, String message) {
        return new Condition(type, status, "Some", message, 1L, "2026-01-01T00:00:00Z");
    }
}
