package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.api.v1alpha1.TailnetStatus;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.testing.TestAclPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AclPolicyPlannerTest {

    private final TestAclPolicy policy = acl("a", "{'hosts': {}, 'acls': []}").generation(3);

    @Test
    void oneThatCannotBeUsedSaysSoWithoutAskingAnybody() {
        var plan = AclPolicyPlanner.plan(acl("a", "{ broken").build(), null);

        assertThat(said(plan)).containsExactly("Accepted False/Invalid", "Published False/Invalid");
        assertThat(plan.facts().getFirst().message()).contains("spec.hujson").contains("stays as it is");
        assertThat(plan.sections()).isEmpty();
    }

    @Test
    void withoutItsTailnetNothingIsKnown() {
        var plan = AclPolicyPlanner.plan(policy.build(), null);

        assertThat(said(plan)).containsExactly("Accepted Unknown/TailnetNotFound", "Published Unknown/TailnetNotFound");
        assertThat(plan.facts().getFirst().message()).contains("Tailnet home");
        assertThat(plan.sections()).containsExactly("acls", "hosts");
    }

    @Test
    void notMergedYet() {
        var pending = List.of("Accepted Unknown/Pending", "Published Unknown/Pending");

        assertThat(said(AclPolicyPlanner.plan(policy.build(), tailnet("home").build())))
                .isEqualTo(pending);
        assertThat(said(AclPolicyPlanner.plan(policy.build(), merged())))
                .as("others were merged, it was not")
                .isEqualTo(pending);
    }

    @Test
    void whatIsSaidOfAnEarlierGenerationIsNotSaidOfThisOne() {
        var tailnet = merged(new PolicyFragmentStatus("a", 2, State.PUBLISHED, null));

        assertThat(said(AclPolicyPlanner.plan(policy.build(), tailnet)))
                .containsExactly("Accepted Unknown/Pending", "Published Unknown/Pending");
    }

    @ParameterizedTest
    @CsvSource({
        "PUBLISHED, True/Accepted, True/Published",
        "PENDING, True/Accepted, False/Pending",
        "HELD, True/Accepted, False/Held",
        "OBSERVED, True/Accepted, False/Observed",
        "INVALID, False/Invalid, False/Invalid",
        "CONFLICT, False/Conflict, False/Conflict",
    })
    void whatTheMergeMadeOfIt(State state, String accepted, String published) {
        var plan = AclPolicyPlanner.plan(
                policy.build(),
                merged(
                        new PolicyFragmentStatus("b", 3, State.PENDING, "another"),
                        new PolicyFragmentStatus("a", 3, state, "because")));

        assertThat(said(plan)).containsExactly("Accepted " + accepted, "Published " + published);
        if (state != State.PUBLISHED && state != State.OBSERVED) {
            assertThat(plan.facts()).extracting(Fact::message).contains("because");
        }
    }

    private static List<String> said(AclPolicyPlanner.Plan plan) {
        return plan.facts().stream()
                .map(fact -> fact.type() + " " + fact.status() + "/" + fact.reason())
                .toList();
    }

    private static Tailnet merged(PolicyFragmentStatus... fragments) {
        var tailnet = tailnet("home").build();
        tailnet.setStatus(new TailnetStatus(
                1L,
                List.of(),
                null,
                List.of(),
                null,
                new TailnetPolicyStatus("merged", "in force", List.of(fragments))));
        return tailnet;
    }
}
