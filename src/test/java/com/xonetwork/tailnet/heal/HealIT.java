package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Healing on a real API server, with remedies of the user's own; the tailnet and the remedies' pods are played. */
@RunningOperator
@Alone
class HealIT {

    private static final Duration COOLDOWN = Duration.ofSeconds(8);

    private final List<SimDevice> devices = new ArrayList<>();

    @BeforeEach
    void template(Scene scene) {
        assumeFalse(
                scene.cluster().hasControllers(),
                "skipped: here a Job controller runs, and nothing needs to be played");
        scene.pingTemplate("fix");
    }

    private void fleet(Scene scene, int size) {
        for (var i = 1; i <= size; i++) {
            var name = "web-" + i;
            devices.add(scene.simulator().addDevice(SimDevice.named(name)));
            scene.apply("""
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: TailnetNode
                    metadata: {name: %1$s, labels: {role: web}}
                    spec: {hostname: %1$s, tailnetRef: {name: home}}
                    """.formatted(name));
        }
        scene.tailnet("home", "");
        for (var i = 1; i <= size; i++) {
            scene.awaitCondition(TailnetNode.class, "web-" + i, "Online", "True", "Connected");
        }
    }

    private static void policy(Scene scene, String more) {
        scene.healPolicy("web", """
                selector: {matchLabels: {role: web}}
                unhealthyConditions: [{type: Online, status: "False", duration: 5s}]
                retryPeriod: 1s
                healthyDelay: 1s
                stormCooldownDuration: %ds
                """.formatted(COOLDOWN.toSeconds()) + more);
    }

    private static List<AutomationRun> runs(Scene scene) {
        return scene.list(AutomationRun.class);
    }

    @Test
    void almostHalfOfTwentyAreLeftAloneUntilTheCooldownIsOver(Scene scene) {
        fleet(scene, 20);
        policy(scene, "escalatingRemediations: [{templateRef: {name: fix}}]");
        scene.awaitCondition(HealPolicy.class, "web", "NodesHealthy", "True", "Healthy");

        devices.subList(0, 9).forEach(device -> scene.simulator().offline(device.nodeId()));
        scene.awaitCondition(HealPolicy.class, "web", "StormActive", "True", "StormActive");
        scene.letPollsGoBy(8);
        assertThat(runs(scene)).isEmpty();
        assertThat(scene.events("web").stream()
                        .filter(event -> event.getReason().equals("RemediationHeld")))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getMessage()).contains("of 20 nodes are unhealthy, and ", " allows 8."));
        assertThat(scene.get(HealPolicy.class, "web").getStatus().remediationsAllowed())
                .isZero();

        // In whole seconds, as the API server writes down when something was made.
        var cool = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(COOLDOWN);
        devices.subList(1, 9).forEach(device -> scene.simulator().online(device.nodeId()));
        scene.awaitCondition(TailnetNode.class, "web-9", "Online", "True", "Connected");
        scene.awaitCondition(HealPolicy.class, "web", "StormActive", "False", "NoStorm");
        scene.soon().untilAsserted(() -> assertThat(runs(scene)).isNotEmpty());
        assertThat(runs(scene)).singleElement().satisfies(run -> {
            assertThat(run.getSpec().targets().nodes())
                    .singleElement()
                    .satisfies(target -> assertThat(target.name()).isEqualTo("web-1"));
            assertThat(Instant.parse(run.getMetadata().getCreationTimestamp()))
                    .as("it cools down first")
                    .isAfterOrEqualTo(cool);
        });
    }

    @Test
    void anOperatorThatIsKilledGoesOnAtTheSameRungAndStopsAtTheEnd(Scene scene) {
        fleet(scene, 3);
        policy(scene, "escalatingRemediations: [{templateRef: {name: fix}}, {templateRef: {name: fix}}]");
        scene.simulator().offline(devices.getFirst().nodeId());
        fails(scene, 1);
        scene.soon().untilAsserted(() -> assertThat(runs(scene)).hasSize(2));
        scene.soon().untilAsserted(() -> assertThat(scene.list(Job.class)).hasSize(2));

        scene.operator().kill();
        scene.operator().start();
        scene.letPollsGoBy(5);
        assertThat(runs(scene)).hasSize(2).extracting(Ladder::rung).containsExactlyInAnyOrder(1, 2);

        fails(scene, 2);
        var stopped = scene.awaitCondition(HealPolicy.class, "web", "NodesHealthy", "False", "RetriesExhausted");
        assertThat(stopped.message()).isEqualTo("web-1: all remedies have failed");
        scene.letPollsGoBy(4);
        assertThat(runs(scene)).hasSize(2);
        assertThat(scene.get(HealPolicy.class, "web")
                        .getStatus()
                        .decisions()
                        .getFirst()
                        .decision())
                .isEqualTo("Stopped");
    }

    @Test
    void whatWaitsForApprovalIsCancelledWhenTheNodeIsHealthyAgain(Scene scene) {
        fleet(scene, 3);
        policy(scene, "escalatingRemediations: [{templateRef: {name: fix}, requireApproval: true}]");
        scene.simulator().offline(devices.getFirst().nodeId());
        scene.soon().untilAsserted(() -> assertThat(runs(scene)).hasSize(1));
        var run = runs(scene).getFirst().getMetadata().getName();
        scene.awaitCondition(AutomationRun.class, run, "Ready", "Unknown", "AwaitingApproval");
        scene.simulator().online(devices.getFirst().nodeId());
        scene.awaitCondition(AutomationRun.class, run, "Succeeded", "False", "Cancelled");
        assertThat(scene.list(Job.class)).isEmpty();
    }

    @Test
    void aPausedAndASuggestingPolicyDoNothing(Scene scene) {
        fleet(scene, 3);
        policy(scene, "pauseRequests: [moving the rack]\nescalatingRemediations: [{templateRef: {name: fix}}]");
        scene.simulator().offline(devices.getFirst().nodeId());
        scene.soon().untilAsserted(() -> assertThat(decisions(scene)).contains("Held Paused"));
        policy(scene, "mode: Suggest\nescalatingRemediations: [{templateRef: {name: fix}}]");
        scene.soon().untilAsserted(() -> assertThat(decisions(scene)).contains("Suggested None"));
        assertThat(runs(scene)).isEmpty();
    }

    private static List<String> decisions(Scene scene) {
        var status = scene.get(HealPolicy.class, "web").getStatus();
        return status == null
                ? List.of()
                : status.decisions().stream()
                        .map(decision -> decision.decision() + " " + decision.guard())
                        .toList();
    }

    /** The run of this rung is made, and its machine is not reached. */
    private static void fails(Scene scene, int rung) {
        scene.soon().untilAsserted(() -> assertThat(runs(scene)).anyMatch(run -> Ladder.rung(run) == rung));
        var run = runs(scene).stream()
                .filter(one -> Ladder.rung(one) == rung)
                .findFirst()
                .orElseThrow();
        var pod = PlayedPod.of(scene, run.getMetadata().getName(), 1);
        pod.tells("host_unreachable", Map.of("host", "web-1", "task", "Ping", "message", "no route"));
        pod.ends("Completed", 0, pod.summary("finished", "unreachable"));
    }
}
