package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Argo CD would show of resources that the running operator reports on, and what its actions do to them. */
@RunningOperator
class ArgoIT {

    private static void assertHealth(Scene scene, Class<? extends HasMetadata> kind, String name, String status) {
        scene.soon()
                .untilAsserted(() -> assertThat(
                                ArgoScripts.health(kind.getSimpleName(), ArgoScripts.json(scene.get(kind, name)))
                                        .status())
                        .isEqualTo(status));
    }

    private static <R extends HasMetadata> void act(Scene scene, Class<R> kind, String name, String action) {
        var resource = ArgoScripts.json(scene.get(kind, name));
        assertThat(ArgoTest.offered(kind.getSimpleName(), action, resource)).isTrue();
        var changed = ArgoScripts.act(kind.getSimpleName(), action, resource);
        var patch = new ObjectMapper().createObjectNode();
        var spec = patch.putObject("spec");
        changed.path("spec").properties().stream()
                // An empty table of Lua is an object or an array: Argo CD looks at what it was before.
                .filter(field -> !field.getValue().isEmpty() || field.getValue().isValueNode())
                .filter(field -> !field.getValue().equals(resource.path("spec").path(field.getKey())))
                .filter(field -> field.getValue().isValueNode()
                        || resource.path("spec").path(field.getKey()).isMissingNode())
                .forEach(field -> spec.set(field.getKey(), field.getValue()));
        patch.putObject("metadata").set("annotations", changed.at("/metadata/annotations"));
        scene.client().resources(kind).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
    }

    @Test
    void aTailnetThroughItsStates(Scene scene) {
        scene.tailnet("home", "");
        assertHealth(scene, Tailnet.class, "home", "Healthy");
        act(scene, Tailnet.class, "home", "suspend");
        assertHealth(scene, Tailnet.class, "home", "Suspended");
        act(scene, Tailnet.class, "home", "resume");
        assertHealth(scene, Tailnet.class, "home", "Healthy");
        scene.secret(Scene.SECRET, Map.of("client_id", "wrong", "client_secret", "wrong"));
        act(scene, Tailnet.class, "home", "reconcile");
        assertHealth(scene, Tailnet.class, "home", "Degraded");
    }

    @Test
    void aNodeWhoseDeviceIsThereAndGoes(Scene scene) {
        scene.tailnet("home", "");
        var device = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.node("web-1", "hostname: web-1");
        assertHealth(scene, TailnetNode.class, "web-1", "Healthy");
        scene.simulator().offline(device.nodeId());
        assertHealth(scene, TailnetNode.class, "web-1", "Degraded");
    }

    @Test
    void aRunThatIsApproved(Scene scene) {
        scene.pingTemplate("ping");
        scene.node("web-1", "hostname: web-1");
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: run-1}
                spec:
                  templateRef: {name: ping}
                  requireApproval: true
                  targets: {nodes: [{name: web-1, address: 192.0.2.1}]}
                """);
        assertHealth(scene, AutomationRun.class, "run-1", "Suspended");
        act(scene, AutomationRun.class, "run-1", "approve");
        assertHealth(scene, AutomationRun.class, "run-1", "Progressing");
        act(scene, AutomationRun.class, "run-1", "cancel");
        assertThat(scene.get(AutomationRun.class, "run-1").getSpec().cancel()).isTrue();
        assertHealth(scene, AutomationRun.class, "run-1", "Progressing");
    }
}
