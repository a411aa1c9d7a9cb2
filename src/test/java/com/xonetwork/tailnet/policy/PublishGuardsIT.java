package com.xonetwork.tailnet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimCall;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What must not be published is not, a condition says why, and it goes on when the cause ends. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class PublishGuardsIT {

    private static final Set<String> POLICY_CALLS = Set.of("getPolicyFile", "setPolicyFile");
    private static final String OFTEN_CHECKED = "policy: {driftCheckInterval: 1s}";
    private static final String NOTHING_ALLOWED = "fragment: {acls: []}";
    private static final String WEB_OWNED = """
            fragment:
              acls: []
              tagOwners: {"tag:web": ["autogroup:admin"]}
            """;
    private static final String FOREIGN = "{\"acls\": [], \"hosts\": {\"theirs\": \"100.64.0.9\"}}";

    @Test
    void withoutAnAclPolicyThePolicyIsNeitherReadNorWritten(Scene scene) {
        scene.tailnet("home", OFTEN_CHECKED);
        scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "True", "NoPolicies");
        scene.letPollsGoBy(5);
        assertThat(scene.ledger().calls()).extracting(SimCall::operation).doesNotContainAnyElementsOf(POLICY_CALLS);
    }

    @Test
    void whenTheLastAclPolicyGoesThePolicyStays(Scene scene) {
        scene.policy("base", WEB_OWNED);
        scene.tailnet("home", OFTEN_CHECKED);
        scene.awaitReady(Tailnet.class, "home");
        var inForce = scene.simulator().policyText();

        scene.delete(AclPolicy.class, "base");
        scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "True", "NoPolicies");
        scene.letPollsGoBy(1);
        var mark = scene.ledger().mark();
        scene.letPollsGoBy(4);
        assertThat(scene.ledger().since(mark)).extracting(SimCall::operation).doesNotContainAnyElementsOf(POLICY_CALLS);
        assertThat(scene.simulator().policyText()).isEqualTo(inForce);
    }

    @Test
    void aPolicyThatWouldAllowEverythingIsHeld(Scene scene) {
        scene.policy("groups-only", "fragment: {groups: {\"group:dev\": [\"amelie@example.com\"]}}");
        scene.tailnet("home", OFTEN_CHECKED);

        var held = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "PolicyEmpty");
        assertThat(held.message()).contains("acls: []");
        scene.awaitCondition(Tailnet.class, "home", "Stalled", "True", "PolicyEmpty");
        assertNothingPublishedOverPolls(scene);

        scene.policy("rules", NOTHING_ALLOWED);
        scene.awaitReady(Tailnet.class, "home");
        assertThat(scene.simulator().policyText()).contains("group:dev");
    }

    @Test
    void theOwnerOfATagInUseIsNotTakenAway(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.node("my-web", "hostname: web-1\ntags: [\"tag:web\"]");
        scene.policy("base", WEB_OWNED);
        scene.tailnet("home", OFTEN_CHECKED);
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(TailnetNode.class, "my-web");

        scene.policy("base", NOTHING_ALLOWED);
        var held = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "TagInUse");
        assertThat(held.message()).contains("tag:web").contains("my-web");
        var mark = scene.ledger().mark();
        scene.letPollsGoBy(5);
        assertThat(scene.ledger().countSince(mark, "setPolicyFile")).isZero();
        assertThat(scene.simulator().policyText()).contains("tag:web");

        scene.policy("base", WEB_OWNED);
        scene.awaitReady(Tailnet.class, "home");
    }

    @Test
    void aPolicyOfSomebodyElseIsLeftAloneUntilReplacingItIsAllowed(Scene scene) {
        scene.simulator().setPolicyByHand(FOREIGN);
        scene.policy("base", WEB_OWNED);
        scene.tailnet("home", OFTEN_CHECKED);

        var refused = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "ForeignPolicy");
        assertThat(refused.message()).contains("onForeignPolicy: Replace");
        scene.awaitCondition(AclPolicy.class, "base", "Published", "False", "Held");
        var mark = scene.ledger().mark();
        scene.letPollsGoBy(6);
        assertThat(scene.ledger().countSince(mark, "setPolicyFile")).isZero();
        assertThat(scene.simulator().policyText()).isEqualTo(FOREIGN);

        scene.tailnet("home", "policy: {driftCheckInterval: 1s, onForeignPolicy: Replace}");
        scene.awaitReady(Tailnet.class, "home");
        assertThat(scene.simulator().policyText()).contains("tag:web").doesNotContain("theirs");

        // Taken over once: from now on a difference is drift, whatever the setting.
        scene.tailnet("home", OFTEN_CHECKED);
        scene.simulator().setPolicyByHand(FOREIGN);
        scene.soon()
                .untilAsserted(() -> assertThat(scene.simulator().policyText()).doesNotContain("theirs"));
    }

    @Test
    void aClashNamesBothFragmentsAndKeepsThePolicyInForce(Scene scene) {
        scene.policy("first", "priority: 10\nfragment: {acls: [], hosts: {db: 100.64.0.1}}");
        scene.tailnet("home", OFTEN_CHECKED);
        scene.awaitReady(Tailnet.class, "home");

        scene.policy("second", "fragment: {hosts: {db: 100.64.0.2, other: 100.64.0.3}}");
        var conflict = scene.awaitCondition(AclPolicy.class, "second", "Accepted", "False", "Conflict");
        assertThat(conflict.message()).contains("first", "second", "100.64.0.1", "100.64.0.2");
        scene.awaitCondition(AclPolicy.class, "first", "Accepted", "True", "Accepted");
        var held = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "FragmentNotAccepted");
        assertThat(held.message()).contains("second");
        scene.letPollsGoBy(4);
        assertThat(scene.simulator().policyText()).contains("100.64.0.1").doesNotContain("100.64.0.3");

        scene.policy("second", "fragment: {hosts: {other: 100.64.0.3}}");
        scene.awaitReady(AclPolicy.class, "second");
        scene.awaitReady(Tailnet.class, "home");
        assertThat(scene.simulator().policyText()).contains("100.64.0.1", "100.64.0.3");
    }

    @Test
    void aTextThatIsNoPolicyIsRefusedWithItsLineAndColumn(Scene scene) {
        scene.policy("broken", """
                hujson: |
                  {
                    // comments are fine
                    "acls": [,
                  }
                """);
        scene.tailnet("home", OFTEN_CHECKED);

        var invalid = scene.awaitCondition(AclPolicy.class, "broken", "Accepted", "False", "Invalid");
        assertThat(invalid.message()).contains("line 3, column 12");
        scene.awaitCondition(AclPolicy.class, "broken", "Stalled", "True", "Invalid");
        var held = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "FragmentNotAccepted");
        assertThat(held.message()).contains("broken").contains("line 3, column 12");
        assertNothingPublishedOverPolls(scene);

        scene.policy("broken", "hujson: '{\"acls\": []}'");
        scene.awaitReady(AclPolicy.class, "broken");
        scene.awaitReady(Tailnet.class, "home");
    }

    @Test
    void anAclPolicyOfNoTailnetSaysSo(Scene scene) {
        scene.policy("base", NOTHING_ALLOWED);
        var waits = scene.awaitCondition(AclPolicy.class, "base", "Ready", "Unknown", "TailnetNotFound");
        assertThat(waits.message()).contains("home");

        scene.tailnet("home", OFTEN_CHECKED);
        scene.awaitReady(AclPolicy.class, "base");
    }

    private static void assertNothingPublishedOverPolls(Scene scene) {
        scene.letPollsGoBy(4);
        assertThat(scene.ledger().count("setPolicyFile")).isZero();
        assertThat(scene.simulator().isDefaultPolicy()).isTrue();
    }
}
