package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import org.junit.jupiter.api.Test;

/** A machine that somebody has set up with care keeps what is not the operator's. Needs {@code -Dcluster=node}. */
@RunningOperator
@RealTailnet
class MachineAdoptionNodeE2E extends MachinesOnNode {

    @Test
    void aMachineThatWasThereBeforeIsChangedWhenAHumanSaysSoAndKeepsTheRest(Scene scene, TailnetUnderTest tailnet) {
        scene.awaitReady(Tailnet.class, "home");
        var web = bareMachine("web");
        join(scene, web, "");
        awaitReady(scene, web);
        scene.client().resources(TailnetNode.class).withName(web).delete();
        scene.soon().until(() -> scene.find(TailnetNode.class, web).isEmpty());
        setUpWithCare(web);
        node.inMachine(web, "tailscale", "set", "--advertise-exit-node", "--advertise-routes=10.77.0.0/16")
                .orFail();
        var device = tailnet.machine(web).orElseThrow();
        tailnet.headscale(
                        "nodes",
                        "approve-routes",
                        "--identifier",
                        String.valueOf(device.id()),
                        "--routes",
                        "0.0.0.0/0,::/0")
                .orFail();
        var before = preferences(web);

        join(scene, web, "preferences: {acceptRoutes: true}");
        scene.awaitCondition(TailnetNode.class, web, "MachineInSync", "False", "AdoptionPlanned");
        assertThat(scene.condition(TailnetNode.class, web, "MachineInSync")
                        .orElseThrow()
                        .message())
                .contains("would change: acceptRoutes: false -> true.");
        assertThat(preferences(web)).as("nothing was changed").isEqualTo(before);

        join(scene, web, "preferences: {acceptRoutes: true, adopt: Apply}");
        awaitReady(scene, web);
        before.put("RouteAll", true);
        assertThat(preferences(web)).isEqualTo(before);

        // It is as somebody has put it down.
        scene.label(TailnetNode.class, web, "role", "kept");
        scene.healPolicy("kept", """
                selector: {matchLabels: {role: kept}}
                unhealthyConditions: [{type: Online, status: "False", duration: 1s}]
                retryPeriod: 5s
                healthyDelay: 5s
                escalatingRemediations: [{action: Reup}]
                """);
        scene.awaitReady(HealPolicy.class, "kept");
        node.inMachine(web, "tailscale", "down").orFail();
        scene.awaitCondition(TailnetNode.class, web, "Online", "False", "Offline");
        awaitReady(scene, web);
        assertThat(preferences(web)).isEqualTo(before);
        assertThat(tailnet.machine(web).orElseThrow().id()).isEqualTo(device.id());
    }
}
