package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A real machine whose tailscaled is killed comes back by itself, and one that nobody reaches is given up. Needs {@code -Dcluster=node}. */
@RunningOperator
@RealTailnet
class MachineHealNodeE2E extends MachinesOnNode {

    /** A machine that has joined. @param role label of its node */
    private String readyMachine(Scene scene, String role) {
        scene.awaitReady(Tailnet.class, "home");
        var web = bareMachine("web");
        join(scene, web, "");
        awaitReady(scene, web);
        scene.label(TailnetNode.class, web, "role", role);
        return web;
    }

    @Test
    void aKilledTailscaledIsBroughtBackAndAMachineWithoutSshIsGivenUp(Scene scene, TailnetUnderTest tailnet) {
        var web = readyMachine(scene, "web");
        scene.healPolicy("web", """
                selector: {matchLabels: {role: web}}
                unhealthyConditions: [{type: Online, status: "False", duration: 5s}]
                retryPeriod: 5s
                healthyDelay: 5s
                escalatingRemediations: [{action: Reup}, {action: RestartTailscaled}, {action: Rekey}]
                """);
        scene.awaitReady(HealPolicy.class, "web");

        node.inMachine(web, "pkill", "-9", "tailscaled").orFail();
        scene.awaitCondition(TailnetNode.class, web, "Online", "False", "Offline");
        var detected = Instant.now();
        awaitReady(scene, web);
        tell("Ready again", detected);
        scene.awaitReady(HealPolicy.class, "web");
        assertOneDevice(tailnet, web);

        node.inMachine(web, "pkill", "-9", "sshd").orFail();
        node.inMachine(web, "pkill", "-9", "tailscaled").orFail();
        // It goes on where the ladder stopped: only the last remedy is left.
        scene.soon()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(scene.condition(HealPolicy.class, "web", "NodesHealthy"))
                        .hasValueSatisfying(healthy -> {
                            assertThat(healthy.reason()).isEqualTo("RetriesExhausted");
                            assertThat(healthy.message()).isEqualTo(web + ": all remedies have failed");
                        }));
        var heals = scene.list(AutomationRun.class).stream()
                .filter(run -> String.valueOf(run.getSpec().requestedBy()).startsWith("HealPolicy"))
                .toList();
        assertThat(heals).hasSize(3);
        assertOneDevice(tailnet, web);
    }

    @Test
    void aMachineWhoseKeyExpiredLogsInAnewAndStaysTheSameDevice(Scene scene, TailnetUnderTest tailnet) {
        var web = readyMachine(scene, "expiring");
        scene.healPolicy("expiring", """
                selector: {matchLabels: {role: expiring}}
                unhealthyConditions: [{type: KeyValid, status: "False", duration: 1s}]
                retryPeriod: 5s
                healthyDelay: 5s
                escalatingRemediations: [{action: Rekey, retryLimit: 1}]
                """);
        scene.awaitReady(HealPolicy.class, "expiring");
        var before = tailnet.machine(web).orElseThrow();
        setUpWithCare(web);
        var preferences = preferences(web);

        tailnet.headscale("nodes", "expire", "--identifier", String.valueOf(before.id()))
                .orFail();
        scene.awaitCondition(TailnetNode.class, web, "Online", "False", "KeyExpired");
        var detected = Instant.now();
        scene.soon()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(scene.list(AutomationRun.class))
                        .filteredOn(run ->
                                "HealPolicy expiring".equals(run.getSpec().requestedBy()))
                        .singleElement()
                        .satisfies(run -> assertThat(RunPhase.of(run.getStatus()))
                                .as(String.valueOf(run.getStatus()))
                                .isEqualTo(RunPhase.SUCCEEDED)));
        awaitReady(scene, web);
        tell("Ready again with a new key", detected);
        assertThat(tailnet.machine(web).orElseThrow().nodeKey()).isNotEqualTo(before.nodeKey());
        assertOneDevice(tailnet, web);
        assertThat(tailnet.machine(web).orElseThrow().id()).isEqualTo(before.id());
        assertThat(node.inMachine(web, "tailscale", "status", "--json").orFail().stdout())
                .contains("\"BackendState\": \"Running\"");
        assertThat(preferences(web)).isEqualTo(preferences);
    }

    /** Its SSH host key is the same; of Tailscale there is nothing. Nobody does anything about it. */
    @Test
    void aMachineThatWasInstalledAnewComesBackAsAnotherDevice(Scene scene, TailnetUnderTest tailnet) {
        var web = readyMachine(scene, "reinstalled");
        scene.healPolicy("reinstalled", """
                selector: {matchLabels: {role: reinstalled}}
                unhealthyConditions: [{type: Online, status: "False", duration: 5s}]
                retryPeriod: 5s
                healthyDelay: 5s
                """);
        scene.awaitReady(HealPolicy.class, "reinstalled");
        var before = tailnet.machine(web).orElseThrow();

        node.inMachine(web, "pkill", "-9", "tailscaled").orFail();
        node.inMachine(
                        web,
                        "sh",
                        "-c",
                        "DEBIAN_FRONTEND=noninteractive apt-get purge -y tailscale && rm -rf /var/lib/tailscale"
                                + " /etc/apt/sources.list.d/tailscale.list /run/tailscale")
                .orFail();
        scene.awaitCondition(TailnetNode.class, web, "Online", "False", "Offline");
        var detected = Instant.now();
        scene.awaitTrue(TailnetNode.class, web, "Online", LIMIT);
        tell("online again after it was installed anew", detected);
        scene.awaitReady(HealPolicy.class, "reinstalled");
        var status = scene.get(TailnetNode.class, web).getStatus();
        assertThat(status.deviceId()).isNotEqualTo(String.valueOf(before.id())).isEqualTo(status.machineDeviceId());

        awaitReady(scene, web);
        tell("Ready under its own name after it was installed anew", detected);
        assertThat(scene.get(TailnetNode.class, web).getStatus().name()).isEqualTo(web);
        assertThat(scene.condition(TailnetNode.class, web, "Joined")
                        .orElseThrow()
                        .message())
                .contains("were renamed (ids: " + before.id() + ")");
        assertThat(scene.events(web))
                .filteredOn(event -> event.getReason().equals("FormerDeviceRenamed"))
                .singleElement()
                .satisfies(event -> assertThat(event.getMessage())
                        .startsWith("renamed device " + before.id() + " from " + web + " to " + web + "-replaced-"
                                + before.id()));
        assertThat(tailnet.machines().stream()
                        .filter(machine -> machine.hostname().equals(web)))
                .extracting(TailnetUnderTest.Machine::givenName)
                .containsExactlyInAnyOrder(web, web + "-replaced-" + before.id());
    }
}
