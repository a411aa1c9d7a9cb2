package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Machines on which nobody logs in get into a real tailnet, and are set as wanted. Needs {@code -Dcluster=node}. */
@RunningOperator
@RealTailnet
class MachineJoinNodeE2E extends MachinesOnNode {

    @Test
    void aBareMachineJoins(Scene scene, TailnetUnderTest tailnet) {
        scene.awaitCondition(
                com.xonetwork.tailnet.api.v1alpha1.Tailnet.class, "home", "PolicyInSync", "True", "InSync");
        var web = bareMachine("web");
        node.aptSource();
        var asked = Instant.now();
        join(scene, web, "");
        scene.awaitReady(TailnetNode.class, web);
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(60));

        assertThat(runs(scene)).hasSize(1);
        assertThat(tailnet.machine(web).orElseThrow().tags()).containsExactly("tag:web");
        assertThat(scene.find(Secret.class, web + "-join")).isEmpty();
        assertThat(node.inMachine(web, "sh", "-c", "ls /tmp").stdout()).doesNotContain("key");
    }
}
