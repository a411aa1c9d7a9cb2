package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.machine.MachineAction;
import com.xonetwork.tailnet.machine.MachineRuns;
import com.xonetwork.tailnet.machine.MachineTemplates;
import com.xonetwork.tailnet.testing.TestNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeEventSourcesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 200, 201, 220, 253})
    void aRunWakesItsMachineHoweverLongTheNameIs(int length) {
        var name = "n".repeat(length);
        var template = MachineTemplates.name(TestNode.node(name).build(), MachineAction.JOIN);
        for (var label : List.of(MachineRuns.MACHINE_LABEL, MachineRuns.HEAL_POLICY_LABEL)) {
            assertThat(NodeEventSources.ofMachine(run(template, name, Map.of(label, "x"))))
                    .containsExactly(new ResourceID(name, "net"));
        }
        assertThat(NodeEventSources.ofMachine(run(template, name, Map.of())))
                .as("by somebody else")
                .isEmpty();
    }

    private static AutomationRun run(String template, String node, Map<String, String> labels) {
        var run = new AutomationRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withName("run")
                .withNamespace("net")
                .withLabels(labels)
                .build());
        run.setSpec(new AutomationRunSpec(
                new LocalRef(template),
                new RunTargets(List.of(new RunTargets.Target(node, null, null, null, null)), null),
                null,
                false,
                false,
                false,
                null,
                null,
                null));
        return run;
    }
}
