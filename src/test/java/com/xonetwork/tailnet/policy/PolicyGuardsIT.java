package com.xonetwork.tailnet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.PolicyImpact;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimCall;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a policy does is known before it is published: it is shown, and held back where somebody asked for that. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class PolicyGuardsIT {

    private static final String SET = "setPolicyFile";
    private static final String OFTEN_CHECKED = "policy: {driftCheckInterval: 1s}";
    private static final String TAGS =
            "tagOwners: {\"tag:ops\": [\"autogroup:admin\"], \"tag:web\": [\"autogroup:admin\"], \"tag:db\": [\"autogroup:admin\"]}";
    private static final String BASE = """
            fragment:
              %s
              grants:
                - {src: ["tag:ops"], dst: ["tag:web"], ip: ["tcp:22"]}
                - {src: ["tag:web"], dst: ["tag:db"], ip: ["tcp:5432"]}
                - {src: ["tag:ops"], dst: ["tag:db"], ip: ["tcp:22"]}
            """.formatted(TAGS);
    private static final String WITHOUT_OPS = """
            fragment:
              %s
              grants:
                - {src: ["tag:web"], dst: ["tag:db"], ip: ["tcp:5432"]}
            """.formatted(TAGS);

    @Test
    void aLossIsHeldUntilItsHashIsApprovedAndTheNextOneAgain(Scene scene) {
        published(scene, OFTEN_CHECKED);
        var before = scene.simulator().policyText();

        scene.policy("base", WITHOUT_OPS);
        var held = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "HeldByGuard");
        var hash = mergedHash(scene);
        assertThat(held.message()).contains("maxRemovedEdgesRatio (50%)", "tag:ops loses tcp 22", hash);
        scene.awaitCondition(Tailnet.class, "home", "Stalled", "True", "HeldByGuard");
        scene.awaitCondition(AclPolicy.class, "base", "Published", "False", "Held");
        scene.soon()
                .untilAsserted(() -> assertThat(impact(scene, "base"))
                        .get()
                        .extracting(PolicyImpact::removed)
                        .isEqualTo(1));
        scene.letPollsGoBy(4);
        assertThat(scene.simulator().policyText()).isEqualTo(before);
        assertThat(scene.ledger().count(SET)).isEqualTo(1);

        approve(scene, hash);
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(AclPolicy.class, "base");
        assertThat(scene.simulator().policyText()).contains("5432").doesNotContain("tcp:22");
        assertThat(impact(scene, "base")).as("it is in force").isEmpty();

        scene.policy("base", "fragment: {%s, acls: []}".formatted(TAGS));
        scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "HeldByGuard");
        assertThat(mergedHash(scene)).isNotEqualTo(hash);
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().count(SET)).isEqualTo(2);
    }

    @Test
    void whatMustBeReachedIsNotCutOff(Scene scene) {
        var guarded = """
                policy:
                  driftCheckInterval: 1s
                  guards:
                    maxRemovedEdgesRatio: 100
                    mustReach: [{src: "tag:ops", dst: "tag:web:22", proto: tcp}]
                    mustNotReach: [{src: "tag:db", dst: "tag:ops:*"}]
                """;
        published(scene, guarded);

        scene.policy("base", WITHOUT_OPS);
        var held = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "HeldByGuard");
        assertThat(held.message()).contains("mustReach[0] (tag:ops -> tag:web:22 tcp): tag:ops would not reach tcp 22");
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().count(SET)).isEqualTo(1);

        scene.policy("base", BASE);
        scene.awaitReady(Tailnet.class, "home");
        scene.policy("open", "fragment: {grants: [{src: [\"*\"], dst: [\"tag:ops\"], ip: [\"tcp:22\"]}]}");
        assertThat(scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "HeldByGuard")
                        .message())
                .contains("mustNotReach[0]", "would reach tcp 22");
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().count(SET)).isEqualTo(1);
    }

    @Test
    void aChangeMadeElsewhereIsPutBackWhateverItGave(Scene scene) {
        published(scene, OFTEN_CHECKED);
        var ours = scene.simulator().policyText();
        scene.soon()
                .untilAsserted(() -> assertThat(
                                scene.get(Tailnet.class, "home").getMetadata().getAnnotations())
                        .containsEntry(ApiGroup.publishedAnnotation("policy"), mergedHash(scene)));
        scene.simulator()
                .setPolicyByHand("{\"acls\": [{\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*:*\"]}],"
                        + " \"tagOwners\": {\"tag:ops\": [], \"tag:web\": [], \"tag:db\": []}}");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.simulator().policyText()).isEqualTo(ours));
    }

    @Test
    void anObservedFragmentSaysWhatItWouldChange(Scene scene) {
        published(scene, OFTEN_CHECKED);
        scene.policy("draft", """
                mode: Observe
                fragment:
                  grants:
                    - {src: ["tag:db"], dst: ["tag:web"], ip: ["tcp:9100"]}
                """);
        scene.awaitCondition(AclPolicy.class, "draft", "Published", "False", "Observed");
        scene.soon()
                .untilAsserted(() -> assertThat(impact(scene, "draft")).get().satisfies(impact -> {
                    assertThat(impact.changes()).containsExactly("tag:db gains tcp 9100 on tag:web (1 → 1 machine)");
                    assertThat(impact.added()).isEqualTo(1);
                    assertThat(impact.removed()).isZero();
                }));
        assertThat(scene.ledger().count(SET)).isEqualTo(1);
    }

    @Test
    void aPolicyThatWouldBeRefusedIsNotSent(Scene scene) {
        published(scene, OFTEN_CHECKED);
        var mark = scene.ledger().mark();

        scene.policy("more", "fragment: {grants: [{src: [\"tag:gone\"], dst: [\"tag:db\"], ip: [\"*\"]}]}");
        var rejected = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "PolicyRejected");
        assertThat(rejected.message())
                .contains(
                        "tag not found: \"tag:gone\"",
                        "AclPolicy more, spec.fragment.grants[0].src[0]",
                        "validation: Warn");
        var told = scene.awaitCondition(AclPolicy.class, "more", "Accepted", "False", "Invalid");
        assertThat(told.message()).startsWith("spec.fragment.grants[0].src[0]: ");
        scene.awaitCondition(AclPolicy.class, "base", "Accepted", "True", "Accepted");
        scene.policy("more", "fragment: {tests: [{src: \"tag:web\", accept: [\"tag:ops:22\"]}]}");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.condition(Tailnet.class, "home", "PolicyInSync"))
                        .get()
                        .satisfies(
                                condition -> assertThat(condition.message()).contains("test(s) failed", "tag:ops:22")));
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().since(mark))
                .extracting(SimCall::operation)
                .doesNotContain(SET, "validateAndTestPolicyFile");

        scene.tailnet("home", "policy: {driftCheckInterval: 1s, validation: Warn}");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.ledger().since(mark))
                        .extracting(SimCall::operation)
                        .contains("validateAndTestPolicyFile"));
    }

    private static void published(Scene scene, String settings) {
        scene.simulator().addDevice(SimDevice.named("ops-1").tags("tag:ops"));
        scene.simulator().addDevice(SimDevice.named("web-1").tags("tag:web"));
        scene.simulator().addDevice(SimDevice.named("db-1").tags("tag:db"));
        scene.policy("base", BASE);
        scene.tailnet("home", settings);
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(AclPolicy.class, "base");
    }

    private static String mergedHash(Scene scene) {
        var status = Objects.requireNonNull(scene.get(Tailnet.class, "home").getStatus());
        return Objects.requireNonNull(Objects.requireNonNull(status.policy()).mergedHash());
    }

    private static Optional<PolicyImpact> impact(Scene scene, String policy) {
        return Optional.ofNullable(scene.get(AclPolicy.class, policy).getStatus())
                .map(status -> status.impact());
    }

    private static void approve(Scene scene, String hash) {
        assertThat(scene.cluster()
                        .kubectl("annotate", "tailnet", "home", "--overwrite", ApiGroup.APPROVE_ANNOTATION + "=" + hash)
                        .succeeded())
                .isTrue();
    }
}
