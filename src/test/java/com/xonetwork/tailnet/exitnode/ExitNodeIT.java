package com.xonetwork.tailnet.exitnode;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus.Active;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The choice of an exit node follows the health of the candidates, calmly, and outlives the operator. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class ExitNodeIT {

    private static final String[] EXIT = {"0.0.0.0/0", "::/0"};
    private static final String TWO = "candidates: [{node: paris, priority: 10}, {node: oslo}]\n";

    @Test
    void theChoiceMovesToTheNextCandidateAndBack(Scene scene) {
        var paris = exit(scene, "paris");
        var oslo = exit(scene, "oslo");
        // Of two that are approved one after the other, the first would be chosen first.
        for (var device : List.of(paris, oslo)) {
            scene.simulator().updateDevice(device.nodeId(), there -> there.enabledRoutes(EXIT));
        }
        scene.tailnet("home", "");
        scene.awaitReady(TailnetNode.class, "paris");
        scene.awaitReady(TailnetNode.class, "oslo");
        scene.exitNode("out", TWO + "minDwell: 1s\nfailbackDelay: 2s");
        scene.awaitReady(ExitNode.class, "out");
        assertThat(active(scene))
                .extracting(Active::node, Active::deviceId, Active::address)
                .containsExactly("paris", paris.nodeId(), paris.addresses().getFirst());

        scene.simulator().offline(paris.nodeId());
        scene.soon().untilAsserted(() -> assertThat(active(scene).deviceId()).isEqualTo(oslo.nodeId()));
        scene.awaitCondition(ExitNode.class, "out", "Serving", "True", "Degraded");

        scene.simulator().online(paris.nodeId());
        scene.soon().untilAsserted(() -> assertThat(active(scene).node()).isEqualTo("paris"));
        assertThat(scene.eventReasons("out"))
                .filteredOn("ExitNodeChosen"::equals)
                .hasSize(3);
    }

    @Test
    void withNothingHealthyTheChoiceStays(Scene scene) {
        var paris = exit(scene, "paris");
        scene.exitNode("out", "candidates: [{node: paris}]\nminDwell: 1s");
        scene.tailnet("home", "");
        scene.awaitReady(ExitNode.class, "out");

        scene.simulator().offline(paris.nodeId());
        var closed = scene.awaitCondition(ExitNode.class, "out", "Serving", "False", "NoHealthyCandidate");
        assertThat(closed.message()).contains("paris stays the exit node, so traffic through it is cut");
        scene.letPollsGoBy(3);
        assertThat(active(scene).node()).isEqualTo("paris");
    }

    @Test
    void withNothingHealthyTheChoiceIsTakenBackWhereThatIsWanted(Scene scene) {
        var paris = exit(scene, "paris");
        scene.exitNode("out", "candidates: [{node: paris}]\nminDwell: 1s\nonNoneHealthy: Clear");
        scene.tailnet("home", "");
        scene.awaitReady(ExitNode.class, "out");

        scene.simulator().offline(paris.nodeId());
        scene.soon().until(() -> scene.get(ExitNode.class, "out").getStatus().active() == null);
    }

    private static SimDevice exit(Scene scene, String name) {
        scene.node(name, "hostname: " + name);
        return scene.simulator().addDevice(SimDevice.named(name).advertisedRoutes(EXIT));
    }

    private static Active active(Scene scene) {
        var status = Objects.requireNonNull(scene.get(ExitNode.class, "out").getStatus());
        return Objects.requireNonNull(status.active());
    }
}
