package com.xonetwork.tailnet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.Profile;
import com.xonetwork.tailnet.simulator.SimCall;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The policy file is merged from AclPolicies, published once, and kept as it is meant to be. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class AclPolicyIT {

    private static final String SET = "setPolicyFile";
    private static final String OFTEN_CHECKED = "policy: {driftCheckInterval: 1s}";
    private static final String SELDOM_CHECKED = "policy: {driftCheckInterval: 24h}";
    private static final String BASE = """
            fragment:
              tagOwners: {"tag:web": ["autogroup:admin"]}
              acls:
                - {action: accept, src: ["group:dev"], dst: ["tag:web:443"]}
            """;
    private static final String TEAM = """
            hujson: |
              {
                // who develops
                "groups": {"group:dev": ["amelie@example.com"]},
              }
            """;
    private static final String BY_HAND =
            "{\"acls\": [{\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*:*\"]}]}";

    @Test
    void twoFragmentsArePublishedAsOnePolicyOnce(Scene scene) {
        published(scene, OFTEN_CHECKED);

        assertThat(scene.simulator().policyText()).contains("group:dev", "amelie@example.com", "tag:web:443");
        scene.letPollsGoBy(5);
        assertThat(writes(scene)).containsExactly(200);
        assertThat(scene.eventReasons("home"))
                .filteredOn("PolicyPublished"::equals)
                .hasSize(1);
        assertThat(Objects.requireNonNull(scene.get(AclPolicy.class, "team").getStatus())
                        .sections())
                .containsExactly("groups");
        var policy = Objects.requireNonNull(
                Objects.requireNonNull(scene.get(Tailnet.class, "home").getStatus())
                        .policy());
        assertThat(policy.mergedHash()).isNotNull().isEqualTo(policy.inForceHash());
    }

    /** The parts of one apply come one after the other. */
    @Test
    void whatTheNextPartDefinesIsNoWarning(Scene scene) {
        scene.tailnet("home", SELDOM_CHECKED);
        scene.policy("base", BASE);
        scene.policy("other", "fragment: {hosts: {printer: 10.1.2.3}}");
        assertThat(scene.awaitCondition(AclPolicy.class, "base", "Accepted", "False", "Invalid")
                        .message())
                .contains("group:dev");
        scene.awaitCondition(AclPolicy.class, "other", "Published", "False", "Held");
        scene.policy("team", TEAM);

        scene.awaitReady(AclPolicy.class, "base");
        scene.awaitReady(AclPolicy.class, "other");
        scene.awaitReady(Tailnet.class, "home");
        assertThat(scene.eventReasons("base")).contains("Invalid");
        assertThat(Stream.of("base", "other", "team", "home").flatMap(name -> scene.events(name).stream()))
                .noneSatisfy(event -> assertThat(event.getType()).isEqualTo("Warning"));
    }

    /** Headscale takes such tags; Tailscale is not asked. */
    @Test
    void tagsThatTailscaleDoesNotTakeAreRefusedBeforeItIsAsked(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("web-1"));
        published(scene, SELDOM_CHECKED);
        scene.policy("odd", "fragment: {tagOwners: {\"tag:my_server\": [\"autogroup:admin\"]}}");
        assertThat(scene.awaitCondition(AclPolicy.class, "odd", "Accepted", "False", "Invalid")
                        .message())
                .contains("tag:my_server", "can only contain numbers, letters, or dashes");
        scene.node("web-1", "hostname: web-1\ntags: [\"tag:my_server\"]");
        assertThat(scene.awaitCondition(TailnetNode.class, "web-1", "TagsInSync", "False", "Invalid")
                        .message())
                .contains("Tailscale does not accept tag:my_server, which spec.tags sets");
        assertThat(writes(scene)).containsExactly(200);
        assertThat(scene.ledger().count("setDeviceTags")).isZero();
    }

    /** From 0.30 on. */
    @Test
    void aHeadscaleThatSpeaksTailscalesApiTakesTagsOfItsOwn(Scene scene) {
        var headscale = scene.addSimulator(Profile.MINIMAL, Clock.systemUTC());
        headscale.addDevice(SimDevice.named("web-1"));
        scene.policy("odd", """
                fragment:
                  tagOwners: {"tag:my_server": ["alice@"]}
                  acls: [{action: accept, src: ["tag:my_server"], dst: ["[fd7a:115c:a1e0::]/48:22"]}]
                """);
        scene.node("web-1", "hostname: web-1\ntags: [\"tag:my_server\"]");
        scene.tailnetAt(headscale.url(), "home", SELDOM_CHECKED);

        scene.awaitReady(AclPolicy.class, "odd");
        scene.awaitCondition(TailnetNode.class, "web-1", "TagsInSync", "True", "InSync");
        assertThat(headscale.policyText()).contains("tag:my_server");
        assertThat(Objects.requireNonNull(scene.get(Tailnet.class, "home").getStatus())
                        .capabilities())
                .doesNotContain("TAILSCALE_POLICY_SYNTAX");
    }

    @Test
    void anotherWayToWriteTheSameIsNoWrite(Scene scene) {
        published(scene, OFTEN_CHECKED);
        scene.policy("team", """
                hujson: '{"groups":{"group:dev":["amelie@example.com"]}} // the same'
                """);
        scene.awaitReady(AclPolicy.class, "team");
        scene.letPollsGoBy(4);
        assertThat(writes(scene)).containsExactly(200);
    }

    @Test
    void aChangeMadeElsewhereIsPutBack(Scene scene) {
        published(scene, OFTEN_CHECKED);
        var ours = scene.simulator().policyText();
        scene.simulator().setPolicyByHand(BY_HAND);

        scene.soon()
                .untilAsserted(() -> assertThat(scene.simulator().policyText()).isEqualTo(ours));
        scene.awaitReady(Tailnet.class, "home");
        scene.letPollsGoBy(4);
        assertThat(writes(scene)).containsExactly(200, 200);
    }

    @Test
    void inObserveModeADifferenceIsOnlyReported(Scene scene) {
        scene.simulator().setPolicyByHand(BY_HAND);
        scene.policy("base", BASE);
        scene.policy("team", TEAM);
        scene.tailnet("home", "policy: {mode: Observe, driftCheckInterval: 1s}");

        var differs = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "Differs");
        assertThat(differs.message()).contains("acls").contains("groups").contains("Observe");
        scene.awaitCondition(AclPolicy.class, "base", "Accepted", "True", "Accepted");
        scene.awaitCondition(AclPolicy.class, "base", "Published", "False", "Observed");
        scene.letPollsGoBy(5);
        assertThat(writes(scene)).isEmpty();
        assertThat(scene.simulator().policyText()).isEqualTo(BY_HAND);

        scene.tailnet("home", "policy: {mode: Enforce, onForeignPolicy: Replace, driftCheckInterval: 1s}");
        scene.awaitReady(Tailnet.class, "home");
        assertThat(writes(scene)).containsExactly(200);
    }

    @Test
    void anUnseenChangeIsNotOverwrittenBlindly(Scene scene) {
        published(scene, SELDOM_CHECKED);
        scene.simulator().setPolicyByHand(BY_HAND);
        scene.policy("team", "fragment: {groups: {\"group:dev\": [\"amelie@example.com\", \"bo@example.com\"]}}");

        scene.soon()
                .untilAsserted(() -> assertThat(scene.simulator().policyText()).contains("bo@example.com"));
        scene.awaitReady(Tailnet.class, "home");
        assertThat(writes(scene))
                .as("the ETag of the policy that was read last is sent: 412 says that there is another")
                .containsExactly(200, 412, 200);
    }

    @Test
    void anObservedFragmentIsCheckedAndNotPublished(Scene scene) {
        scene.policy("draft", "mode: Observe\nfragment: {groups: {\"group:draft\": [\"amelie@example.com\"]}}");
        published(scene, OFTEN_CHECKED);

        scene.awaitCondition(AclPolicy.class, "draft", "Published", "False", "Observed");
        assertThat(scene.simulator().policyText()).doesNotContain("group:draft");
    }

    @Test
    void aRefusalOfTheServiceIsToldAndNotRepeated(Scene scene) {
        scene.simulator()
                .rejectPolicyWhen(
                        policy -> policy.path("groups").has("group:dev"), "group:dev: no user amelie@example.com");
        scene.policy("base", BASE);
        scene.policy("team", TEAM);
        scene.tailnet("home", OFTEN_CHECKED);

        var rejected = scene.awaitCondition(Tailnet.class, "home", "PolicyInSync", "False", "PolicyRejected");
        assertThat(rejected.message()).contains("group:dev: no user amelie@example.com");
        var mark = scene.ledger().mark();
        scene.letPollsGoBy(6);
        assertThat(scene.ledger().since(mark))
                .extracting(SimCall::operation)
                .doesNotContain(SET, "validateAndTestPolicyFile");
        assertThat(scene.simulator().isDefaultPolicy()).isTrue();

        scene.policy("team", "fragment: {groups: {\"group:ops\": [\"bo@example.com\"]}}");
        scene.policy("base", "fragment: {acls: []}");
        scene.awaitReady(Tailnet.class, "home");
        assertThat(scene.simulator().policyText()).contains("group:ops");
    }

    private static void published(Scene scene, String settings) {
        scene.policy("base", BASE);
        scene.policy("team", TEAM);
        scene.tailnet("home", settings);
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(AclPolicy.class, "base");
        scene.awaitReady(AclPolicy.class, "team");
    }

    /** What each attempt to set the policy was answered. */
    private static List<Integer> writes(Scene scene) {
        return scene.ledger().calls().stream()
                .filter(call -> call.operation().equals(SET))
                .map(SimCall::status)
                .toList();
    }
}
