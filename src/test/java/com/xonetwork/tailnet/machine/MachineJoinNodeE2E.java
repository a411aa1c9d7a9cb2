package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Machines on which nobody logs in get into a real tailnet, and are set as wanted. Needs {@code -Dcluster=node}. */
@RunningOperator
@RealTailnet
class MachineJoinNodeE2E extends MachinesOnNode {

    private static final int PORT = 8000;

    @Test
    void aBareMachineJoinsComesBackAndIsLeftAlone(Scene scene, TailnetUnderTest tailnet) {
        scene.awaitReady(Tailnet.class, "home");
        var web = bareMachine("web");
        node.aptSource();
        var asked = Instant.now();
        join(scene, web, "");
        awaitReady(scene, web);
        tell("a bare machine is Ready", asked);

        assertThat(runs(scene)).hasSize(1);
        assertThat(tailnet.machine(web).orElseThrow().tags()).containsExactly("tag:web");
        scene.soon().until(() -> scene.find(Secret.class, web + "-join").isEmpty());
        assertThat(node.inMachine(web, "sh", "-c", "ls /tmp").stdout()).doesNotContain("key");
        sameAgainChangesNothing(scene, web);
        setUpWithCare(web);
        var preferences = preferences(web);

        var before = tailnet.machine(web).orElseThrow();
        tailnet.headscale("nodes", "delete", "--identifier", String.valueOf(before.id()), "--force")
                .orFail();
        scene.awaitCondition(TailnetNode.class, web, "Joined", "False", "DeviceNotFound");
        awaitReady(scene, web);
        assertOneDevice(tailnet, web);
        assertThat(tailnet.machine(web).orElseThrow().id()).isNotEqualTo(before.id());
        assertThat(usableKeys(tailnet)).isZero();
        assertThat(preferences(web)).isEqualTo(preferences);
    }

    /** By a run that a human makes of the same template. */
    private static void sameAgainChangesNothing(Scene scene, String machine) {
        var first = runs(scene).getFirst().getSpec();
        var parameters = first.parameters().deepCopy();
        ((ObjectNode) parameters).put("tailscale_action", "configure");
        var again = new AutomationRun();
        again.setMetadata(new ObjectMetaBuilder().withName("again").build());
        again.setSpec(new AutomationRunSpec(
                new LocalRef(machine + "-machine"),
                first.targets(),
                parameters,
                false,
                false,
                false,
                null,
                null,
                null));
        scene.client().resource(again).create();
        scene.soon().untilAsserted(() -> {
            var status = scene.get(AutomationRun.class, "again").getStatus();
            assertThat(RunPhase.of(status)).isEqualTo(RunPhase.SUCCEEDED);
            assertThat(status.hostTotals().changed()).isZero();
        });
    }

    private static long usableKeys(TailnetUnderTest tailnet) {
        return tailnet.headscale("preauthkeys", "list", "--output", "json")
                .orFail()
                .stdout()
                .lines()
                .filter(line -> line.contains("\"used\": false"))
                .count();
    }

    @Test
    void anOperatorThatIsKilledOnTheWayMakesNoSecondDevice(Scene scene, TailnetUnderTest tailnet) {
        scene.awaitReady(Tailnet.class, "home");
        var web = bareMachine("web");
        join(scene, web, "");
        scene.soon().until(() -> scene.find(Secret.class, web + "-join").isPresent());
        scene.operator().kill();
        scene.operator().start();
        scene.soon().until(() -> !runs(scene).isEmpty());
        scene.operator().kill();
        scene.operator().start();
        awaitReady(scene, web);
        assertOneDevice(tailnet, web);
        assertThat(runs(scene)).hasSize(1);
    }

    @Test
    void routesExitsAndThePolicyAreTrueOnTheWire(Scene scene) {
        scene.awaitReady(Tailnet.class, "home");
        var one = bareMachine("one");
        var two = bareMachine("two");
        var web = bareMachine("web");
        node.startNetwork("lan", one, two);
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [%s, %s]}".formatted(one, two));
        // The dwell is a guard of its own; it would only be waited for here.
        scene.exitNode("out", "minDwell: 5s\ncandidates: [{node: %s, priority: 1}, {node: %s}]".formatted(one, two));
        join(scene, one, "");
        join(scene, two, "");
        join(scene, web, "preferences: {acceptRoutes: true, exitNode: out}");
        for (var machine : new String[] {one, two, web}) {
            awaitReady(scene, machine);
        }
        awaitReach(scene, web, "192.168.50.10", true);
        awaitReach(scene, web, "203.0.113.10", true);
        assertThat(node.reaches(one, "203.0.113.10", PORT))
                .as("it is an exit itself")
                .isTrue();

        scene.policy("base", """
                fragment:
                  tagOwners: {"tag:web": ["xo@"]}
                  acls: [{action: accept, src: ["*"], dst: ["192.168.50.0/24:443"]}]
                """);
        awaitReach(scene, web, "192.168.50.10", false);
        scene.policy("base", """
                fragment:
                  tagOwners: {"tag:web": ["xo@"]}
                  acls: [{action: accept, src: ["*"], dst: ["*:*"]}]
                """);
        awaitReach(scene, web, "192.168.50.10", true);
        awaitReach(scene, web, "203.0.113.10", true);

        // Whoever joined first was chosen. The machine dies; nothing is logged out and nothing says good-bye.
        var exit = activeExit(scene);
        node.stopMachine(exit);
        scene.awaitCondition(TailnetNode.class, exit, "Online", "False", "Offline");
        var detected = Instant.now();
        awaitReach(scene, web, "192.168.50.10", true);
        tell("the subnet is reached through the other machine", detected);
        awaitReach(scene, web, "203.0.113.10", true);
        tell("the exit is the other machine", detected);
        assertThat(activeExit(scene)).isNotEqualTo(exit);
        var run = runs(scene).getLast();
        System.out.printf(
                "detected %s, run %s made %s, began %s, ended %s%n",
                detected,
                run.getMetadata().getName(),
                run.getMetadata().getCreationTimestamp(),
                run.getStatus().startedAt(),
                run.getStatus().finishedAt());
    }

    private static String activeExit(Scene scene) {
        return scene.get(ExitNode.class, "out").getStatus().active().node();
    }

    private void awaitReach(Scene scene, String machine, String address, boolean wanted) {
        scene.soon()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(node.reaches(machine, address, PORT))
                        .as(address + " is reached from " + machine)
                        .isEqualTo(wanted));
    }
}
