package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.crash.ApiServerGate.Passage;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.testing.Kinds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A user's change that arrives while a write of the operator to the same resource is on its way: after what the write was
 * decided on was read, and before the API server has it. Neither is lost. Runs alone, because it starts the operator anew.
 */
@RunningOperator
@Alone
class OverlapIT {

    /** Some tries; the regular look, which would hide what was lost, comes after ten minutes. */
    private static final Duration SOON = Duration.ofMinutes(2);

    /** What happens while a write is on its way, by the write. */
    private final Map<String, Runnable> meanwhile = new ConcurrentHashMap<>();

    private ApiServerGate gate;

    @BeforeEach
    void throughAGate(Scene scene) {
        gate = ApiServerGate.open(scene.cluster().kubeconfig(), this::happens);
        scene.operator().kill();
        scene.operator().startThrough(gate.uri(), Map.of());
    }

    @AfterEach
    void asItWas(Scene scene) {
        scene.operator().kill();
        gate.close();
        scene.operator().start();
    }

    private Passage happens(KubernetesWrite write) {
        var change = meanwhile.remove(write.what());
        if (change != null) {
            change.run();
        }
        return Passage.THROUGH;
    }

    private static String statusOf(Class<? extends HasMetadata> kind, String name) {
        return "PUT " + HasMetadata.getPlural(kind) + "/" + name + "/status";
    }

    private static void change(Scene scene, Class<? extends HasMetadata> kind, String name, String spec) {
        scene.client()
                .resources(kind)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": %s}".formatted(spec));
    }

    private void changeDuring(String write, Scene scene, Class<? extends HasMetadata> kind, String name, String spec) {
        meanwhile.put(write, () -> change(scene, kind, name, spec));
    }

    private static void awaitObserved(Scene scene, Class<? extends HasMetadata> kind, String name, long generation) {
        await(kind.getSimpleName() + " " + name + " of generation " + generation)
                .atMost(SOON)
                .untilAsserted(() -> {
                    var there = scene.client()
                            .genericKubernetesResources(HasMetadata.getApiVersion(kind), HasMetadata.getKind(kind))
                            .withName(name)
                            .require();
                    assertThat(there.getMetadata().getGeneration()).isEqualTo(generation);
                    assertThat(there.<Number>get("status", "observedGeneration"))
                            .isNotNull()
                            .extracting(Number::longValue)
                            .isEqualTo(generation);
                });
    }

    @Test
    void aChangeDuringAStatusWriteIsReconciled(Scene scene) {
        assumeFalse(scene.cluster().hasControllers(), "skipped: a Job controller would make pods that cannot run");
        var changes = Map.of(
                Tailnet.class, "{\"pollInterval\": \"2s\"}",
                NodeClass.class, "{\"priority\": 7}",
                TailnetNode.class, "{\"keyExpiry\": \"Disabled\"}",
                AclPolicy.class, "{\"priority\": 7}",
                SubnetRoute.class, "{\"cidrs\": [\"192.168.51.0/24\"]}",
                ExitNode.class, "{\"failbackDelay\": \"2m\"}",
                HealPolicy.class, "{\"maxUnhealthy\": \"1\"}",
                AutomationTemplate.class, "{\"description\": \"changed\"}",
                AutomationRun.class, "{\"cancel\": true}");
        assertThat(changes.keySet().stream().map(HasMetadata::getKind))
                .as("a change of each kind")
                .containsExactlyInAnyOrderElementsOf(Kinds.names());
        changes.forEach((kind, spec) -> changeDuring(statusOf(kind, "home"), scene, kind, "home", spec));

        scene.nodeClass("home", "match: {hostnames: [\"web-*\"]}\ntags: [\"tag:web\"]");
        scene.node("home", "hostname: home\n");
        scene.policy("home", "fragment: {acls: []}");
        scene.route("home", "cidrs: [192.168.50.0/24]\nvia: {nodes: [home]}");
        scene.exitNode("home", "candidates: [{node: home}]");
        scene.pingTemplate("home");
        scene.healPolicy("home", """
                selector: {matchLabels: {plan: home}}
                unhealthyConditions: [{type: Online, status: "False", duration: 1h}]
                escalatingRemediations: [{templateRef: {name: home}, timeout: 1h}]
                """);
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: home}
                spec:
                  templateRef: {name: home}
                  targets: {nodes: [{name: home, address: 192.0.2.1}]}
                """);
        scene.tailnet("home", "");

        changes.keySet().forEach(kind -> awaitObserved(scene, kind, "home", 2));
        assertThat(meanwhile).as("writes that were never made").isEmpty();
    }

    @Test
    void aDeletionDuringAStatusWriteIsCarriedOut(Scene scene) {
        var device = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
        meanwhile.put(statusOf(TailnetNode.class, "web-1"), () -> scene.delete(TailnetNode.class, "web-1"));
        scene.node("web-1", "hostname: web-1\ndeletionPolicy: Delete\n");

        await().atMost(SOON)
                .until(() -> meanwhile.isEmpty()
                        && scene.find(TailnetNode.class, "web-1").isEmpty());
        assertThat(scene.simulator().device(device.nodeId())).isEmpty();
        assertThat(scene.ledger().count("deleteDevice")).isEqualTo(1);
    }

    @Test
    void aChangeWhileAFinalizerIsAddedIsReconciled(Scene scene) {
        scene.simulator().setPolicyByHand("{\"tagOwners\": {\"tag:web\": []}}");
        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
        changeDuring("PATCH tailnetnodes/web-1", scene, TailnetNode.class, "web-1", "{\"keyExpiry\": \"Disabled\"}");
        changeDuring("PATCH tailnetnodes/web-2", scene, TailnetNode.class, "web-2", "{\"keyExpiry\": \"Disabled\"}");
        scene.node("web-1", "hostname: web-1\ndeletionPolicy: Delete\n");
        scene.node("web-2", "hostname: web-2\ntags: [\"tag:web\"]\njoin: {manual: {}}\n");

        awaitObserved(scene, TailnetNode.class, "web-1", 2);
        awaitObserved(scene, TailnetNode.class, "web-2", 2);
        scene.awaitTrue(TailnetNode.class, "web-2", "JoinKeyReady", SOON);
        assertThat(meanwhile).as("writes that were never made").isEmpty();
        assertThat(scene.ledger().count("createKey")).isEqualTo(1);
    }

    /** A policy is claimed on its Tailnet, two finalizers are added to a node in one go: each goes on from what the last made. */
    @Test
    void itsOwnWritesAreNoConflict(Scene scene) {
        scene.policy("base", "fragment: {acls: [], tagOwners: {\"tag:web\": [\"autogroup:admin\"]}}");
        scene.tailnet("home", "");
        scene.awaitReady(AclPolicy.class, "base");
        scene.awaitReady(Tailnet.class, "home");
        scene.node("web-1", "hostname: web-1\ndeletionPolicy: Delete\ntags: [\"tag:web\"]\njoin: {manual: {}}\n");
        scene.awaitTrue(TailnetNode.class, "web-1", "JoinKeyReady", SOON);
        assertThat(scene.get(TailnetNode.class, "web-1").getMetadata().getFinalizers())
                .hasSize(2);
        scene.delete(TailnetNode.class, "web-1");
        scene.soon().until(() -> scene.find(TailnetNode.class, "web-1").isEmpty());

        assertThat(scene.operator().process().logs()).doesNotContain("Conflict during reconciliation");
    }
}
