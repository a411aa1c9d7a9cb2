package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.testing.TestNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTemplatesTest {

    /** Or it would be written again with every look. */
    @Test
    void aTemplateThatCameBackFromTheApiServerIsTheSame() {
        var node = TestNode.node("web-1").ssh("10.0.0.7").build();
        var ssh = node.getSpec().join().ssh();
        var serialization = new KubernetesSerialization();
        for (var action : List.of(MachineAction.JOIN, MachineAction.CONFIGURE)) {
            var wanted = MachineTemplates.template(node, ssh, action, new KeyRef("web-1-join", "authkey"));
            var back = serialization.unmarshal(serialization.asJson(wanted), AutomationTemplate.class);
            assertThat(back.getSpec()).isEqualTo(wanted.getSpec());
        }
    }

    @Test
    void longNamesStayApart() {
        var one = TestNode.node("n".repeat(240) + "1").build();
        var two = TestNode.node("n".repeat(240) + "2").build();
        assertThat(MachineTemplates.name(one, MachineAction.JOIN))
                .hasSizeLessThan(254)
                .isNotEqualTo(MachineTemplates.name(two, MachineAction.JOIN))
                .isNotEqualTo(MachineTemplates.name(one, MachineAction.CONFIGURE));
    }
}
