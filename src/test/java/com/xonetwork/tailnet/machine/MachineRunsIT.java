package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplateSpec;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What somebody can do with the templates of a machine who may create runs, and somebody who may change templates. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class MachineRunsIT {

    private static final String TAG_OWNED = "{\"tagOwners\": {\"tag:web\": [\"autogroup:admin\"]}, \"acls\": []}";

    private static void machine(Scene scene, String name, String mode) {
        scene.simulator().setPolicyByHand(TAG_OWNED);
        scene.secret("ssh", Map.of("id", "no key"));
        scene.tailnet("home", "");
        scene.node(name, """
                hostname: machine-1
                tags: ["tag:web"]
                mode: %s
                join:
                  ssh: {address: 192.0.2.1, hostKeys: TrustOnFirstUse, keySecretRef: {name: ssh, key: id}}
                """.formatted(mode));
    }

    private static void awaitTemplates(Scene scene) {
        scene.soon()
                .until(() ->
                        scene.find(AutomationTemplate.class, "machine-1-join").isPresent()
                                && scene.find(AutomationTemplate.class, "machine-1-machine")
                                        .isPresent());
    }

    private static void stolen(Scene scene, String name) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s}
                spec:
                  templateRef: {name: machine-1-join}
                  targets: {nodes: [{name: machine-1}]}
                  parameters: {tailscale_action: join}
                """.formatted(name));
    }

    private static void assertNoKeyWasMade(Scene scene) {
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().count("createKey")).isZero();
        assertThat(scene.find(Secret.class, "machine-1-join")).isEmpty();
        assertThat(scene.eventReasons("machine-1")).doesNotContain("JoinKeyIssued");
    }

    @Test
    void whoMayOnlyCreateRunsGetsNoJoinKey(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("machine-1").tags("tag:web"));
        machine(scene, "machine-1", "Observe");
        scene.awaitCondition(TailnetNode.class, "machine-1", "Joined", "True", "Joined");
        awaitTemplates(scene);
        stolen(scene, "steal");
        scene.awaitCondition(AutomationRun.class, "steal", "Succeeded", "False", "ReservedForOperator");
        assertNoKeyWasMade(scene);
    }

    @Test
    void aNodeInModeObserveGetsNoJoinKey(Scene scene) {
        machine(scene, "machine-1", "Observe");
        scene.awaitCondition(TailnetNode.class, "machine-1", "JoinKeyReady", "False", "Differs");
        awaitTemplates(scene);
        stolen(scene, "steal");
        scene.awaitCondition(AutomationRun.class, "steal", "Succeeded", "False", "ReservedForOperator");
        assertNoKeyWasMade(scene);
    }

    @Test
    void aRunCannotSayWhereToLogInNorWhatToSet(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("machine-1").tags("tag:web"));
        machine(scene, "machine-1", "Observe");
        awaitTemplates(scene);
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: redirect}
                spec:
                  templateRef: {name: machine-1-machine}
                  targets: {nodes: [{name: machine-1}]}
                  parameters: {tailscale_action: configure, tailscale_ssh: true}
                """);
        var refused = scene.awaitCondition(AutomationRun.class, "redirect", "Succeeded", "False", "InvalidParameters");
        assertThat(refused.message()).contains("tailscale_ssh");
    }

    @Test
    void aTemplateThatSomebodyChangedIsPutBack(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("machine-1").tags("tag:web"));
        machine(scene, "machine-1", "Observe");
        awaitTemplates(scene);
        var wanted = scene.get(AutomationTemplate.class, "machine-1-machine").getSpec();
        scene.change(AutomationTemplate.class, "machine-1-machine", template -> {
            ((ObjectNode) template.getSpec().parameters().path("properties")).putObject("tailscale_login_server");
            ((ObjectNode) template.getSpec().parameters().path("properties").path("tailscale_hostname")).remove("enum");
            return template;
        });
        scene.soon()
                .untilAsserted(() -> assertThat(scene.get(AutomationTemplate.class, "machine-1-machine"))
                        .satisfies(template -> {
                            assertThat(template.getMetadata().getGeneration()).isGreaterThan(2);
                            assertThat(template.getSpec()).isEqualTo(wanted);
                        }));
    }

    /** A backup was restored without owners: one template as it was, and one of somebody else's. */
    @Test
    void aTemplateThatLostItsOwnerIsTakenBackAndAnotherIsNot(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("machine-1").tags("tag:web"));
        machine(scene, "machine-1", "Observe");
        awaitTemplates(scene);
        var join = scene.get(AutomationTemplate.class, "machine-1-join").getSpec();
        var configure = scene.get(AutomationTemplate.class, "machine-1-machine").getSpec();
        scene.delete(TailnetNode.class, "machine-1");
        scene.soon().until(() -> scene.find(TailnetNode.class, "machine-1").isEmpty());
        scene.delete(AutomationTemplate.class, "machine-1-join");
        scene.delete(AutomationTemplate.class, "machine-1-machine");

        var restored = restored(scene, "machine-1-join", join, ApiGroup.OPERATOR);
        restored(scene, "machine-1-machine", configure, "somebody");
        machine(scene, "machine-1", "Observe");

        var conflict = scene.awaitCondition(TailnetNode.class, "machine-1", "MachineInSync", "False", "Conflict");
        assertThat(conflict.message()).contains("delete automationtemplate machine-1-machine");
        assertThat(scene.get(AutomationTemplate.class, "machine-1-join").getMetadata())
                .satisfies(metadata -> {
                    assertThat(metadata.getUid()).isEqualTo(restored);
                    assertThat(metadata.getOwnerReferences()).hasSize(1);
                });
    }

    /** @return the UID */
    private static String restored(Scene scene, String name, AutomationTemplateSpec spec, String manager) {
        var template = new AutomationTemplate();
        template.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, manager)
                .build());
        template.setSpec(spec);
        return scene.client().resource(template).create().getMetadata().getUid();
    }

    @Test
    void aMachineOfALongNameIsBroughtInToo(Scene scene) {
        var name = "machine." + "n".repeat(220);
        machine(scene, name, "Enforce");
        scene.awaitCondition(TailnetNode.class, name, "MachineInSync", "False", "Progressing");
        assertThat(scene.list(AutomationRun.class)).singleElement().satisfies(run -> {
            assertThat(run.getSpec().targets().nodes().getFirst().name()).isEqualTo(name);
            assertThat(run.getSpec().parameters().toString()).isEqualTo("{\"tailscale_action\":\"join\"}");
        });
    }

    @Test
    void aRemedyOfAHealPolicyGetsAJoinKey(Scene scene) {
        var device = scene.simulator().addDevice(SimDevice.named("machine-1").tags("tag:web"));
        machine(scene, "machine-1", "Enforce");
        scene.awaitCondition(TailnetNode.class, "machine-1", "Online", "True", "Connected");
        scene.label(TailnetNode.class, "machine-1", "role", "web");
        scene.healPolicy("web", """
                selector: {matchLabels: {role: web}}
                unhealthyConditions: [{type: Online, status: "False", duration: 5s}]
                escalatingRemediations: [{action: Rekey}]
                """);
        scene.awaitCondition(HealPolicy.class, "web", "NodesHealthy", "True", "Healthy");
        assertThat(scene.find(Secret.class, "machine-1-join")).isEmpty();
        scene.simulator().offline(device.nodeId());
        scene.soon().until(() -> scene.eventReasons("machine-1").contains("JoinKeyIssued"));
        scene.soon()
                .untilAsserted(() ->
                        assertThat(scene.find(Secret.class, "machine-1-join")).isPresent());
    }
}
