package com.xonetwork.tailnet.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.testing.Kinds;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Resources of one namespace that name what is in another: it is never read, and counts as missing. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class CrossNamespaceIT {

    /** A Secret, a ConfigMap, a Tailnet and a template of this name are in the other namespace only. */
    private static final String BAIT = "bait";

    /** @param spec with {@code %s} for the name that is referred to */
    private record Referring(Class<? extends HasMetadata> kind, String name, String spec) {
        String yaml(String referred) {
            return """
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: %s
                    metadata: {name: %s}
                    spec:
                    """.formatted(HasMetadata.getKind(kind), name)
                    + spec.replace("%s", referred).indent(2);
        }
    }

    private static List<Referring> referring(Scene scene) {
        var url = scene.simulator().url();
        return List.of(
                new Referring(Tailnet.class, "credentials", """
                        tailscale: {url: "URL", credentials: {secretRef: {name: "%s"}}}
                        pollInterval: 1s
                        """.replace("URL", url)),
                new Referring(Tailnet.class, "ca-map", """
                        tailscale:
                          url: "URL"
                          credentials: {secretRef: {name: tailscale-api}}
                          caBundle: {configMapRef: {name: "%s", key: ca.crt}}
                        pollInterval: 1s
                        """.replace("URL", url)),
                new Referring(Tailnet.class, "ca-secret", """
                        tailscale:
                          url: "URL"
                          credentials: {secretRef: {name: tailscale-api}}
                          caBundle: {secretRef: {name: "%s", key: ca.crt}}
                        pollInterval: 1s
                        """.replace("URL", url)),
                new Referring(TailnetNode.class, "node", """
                        tailnetRef: {name: "%s"}
                        hostname: web-1
                        tags: ["tag:web"]
                        """),
                new Referring(AclPolicy.class, "policy", """
                        tailnetRef: {name: "%s"}
                        fragment: {acls: []}
                        """),
                new Referring(NodeClass.class, "class", """
                        tailnetRef: {name: "%s"}
                        match: {hostnames: ["web-*"]}
                        tags: ["tag:web"]
                        """),
                new Referring(SubnetRoute.class, "route", """
                        tailnetRef: {name: "%s"}
                        cidrs: ["10.1.0.0/16"]
                        via: {nodes: [web]}
                        """),
                new Referring(ExitNode.class, "exit", """
                        tailnetRef: {name: "%s"}
                        candidates: [{node: web}]
                        """),
                new Referring(HealPolicy.class, "heal", """
                        tailnetRef: {name: "%s"}
                        selector: {matchLabels: {role: machine}}
                        escalatingRemediations: [{templateRef: {name: "%s"}}]
                        """),
                new Referring(AutomationTemplate.class, "files", """
                        engine: ansible
                        source: {configMap: {name: "%s", entry: site.yml}}
                        ssh: {keySecretRef: {name: "%s", key: id}, knownHostsSecretRef: {name: "%s", key: hosts}}
                        secrets: [{variable: password, secretRef: {name: "%s", key: api_key}}]
                        imagePullSecrets: [{name: "%s"}]
                        """),
                new Referring(AutomationRun.class, "run", """
                        templateRef: {name: "%s"}
                        targets: {nodes: [{name: web}]}
                        """));
    }

    @Test
    void whatIsInAnotherNamespaceIsNeitherReadNorFound(Scene scene) {
        var other = scene.cluster().namespace() + "-other";
        try {
            bait(scene, other);
            scene.simulator().addDevice(SimDevice.named("web-1"));
            var audit = new AuditLog(scene.cluster(), scene.operator());
            var all = referring(scene);
            assertThat(all.stream().map(referring -> HasMetadata.getKind(referring.kind())))
                    .as("a reference of each kind")
                    .containsAll(Kinds.names());
            // Names that would lead there if they became parts of a URL.
            for (var name : List.of(
                    other + "/" + BAIT,
                    "../" + BAIT,
                    "../../" + other + "/secrets/" + BAIT,
                    "..%2f" + other + "%2f" + BAIT)) {
                for (var referring : all) {
                    assertThatThrownBy(() -> scene.apply(referring.yaml(name)))
                            .isInstanceOfSatisfying(
                                    KubernetesClientException.class,
                                    refused -> assertThat(refused.getCode()).isEqualTo(422))
                            .hasMessageContaining("should match");
                }
            }
            all.forEach(referring -> scene.apply(referring.yaml(BAIT)));
            // A NodeClass is ready without its Tailnet: it says which rules count once there is one.
            all.stream()
                    .filter(referring -> referring.kind() != NodeClass.class)
                    .forEach(referring -> scene.soon()
                            .untilAsserted(
                                    () -> assertThat(scene.condition(referring.kind(), referring.name(), "Ready"))
                                            .as(referring.yaml(BAIT))
                                            .hasValueSatisfying(ready ->
                                                    assertThat(ready.status()).isNotEqualTo("True"))));

            scene.soon()
                    .untilAsserted(
                            () -> assertThat(audit.requestsOf(scene.cluster().namespace()))
                                    .as("it was looked for, in the resources' own namespace")
                                    .contains("get secrets " + BAIT, "get configmaps " + BAIT));
            assertThat(audit.requestsOf(other))
                    .as("what the operator asked of the other namespace")
                    .doesNotContain("get secrets " + BAIT, "get configmaps " + BAIT);
            assertThat(audit.paths())
                    .as("every path that the operator asked for")
                    .noneMatch(path -> path.contains("/..") || path.contains("%2f") || path.contains("%2F"));
        } finally {
            scene.client().resources(Tailnet.class).inNamespace(other).delete();
            scene.client().namespaces().withName(other).delete();
        }
    }

    private static void applyIn(Scene scene, String namespace, String yaml) {
        scene.client()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .inNamespace(namespace)
                .create();
    }

    private static void bait(Scene scene, String namespace) {
        scene.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        scene.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(BAIT)
                        .endMetadata()
                        .withStringData(Map.of(
                                "client_id", scene.clientId(), "client_secret", scene.clientSecret(), "api_key", "x"))
                        .build())
                .inNamespace(namespace)
                .create();
        scene.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("own")
                        .endMetadata()
                        .withStringData(Map.of("client_id", scene.clientId(), "client_secret", scene.clientSecret()))
                        .build())
                .inNamespace(namespace)
                .create();
        applyIn(scene, namespace, """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: Tailnet
                metadata: {name: %1$s}
                spec:
                  tailscale: {url: "%2$s", credentials: {secretRef: {name: own}}}
                  pollInterval: 1s
                """.formatted(BAIT, scene.simulator().url()));
        applyIn(scene, namespace, """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: %1$s}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: own, key: id}}
                """.formatted(BAIT));
        scene.soon()
                .untilAsserted(() -> assertThat(scene.client()
                                .resources(Tailnet.class)
                                .inNamespace(namespace)
                                .withName(BAIT)
                                .get()
                                .getStatus())
                        .isNotNull()
                        .satisfies(status -> assertThat(Conditions.isTrue(status.conditions(), ConditionType.READY))
                                .isTrue()));
        scene.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(BAIT)
                        .endMetadata()
                        .addToData(Map.of("ca.crt", "x", "site.yml", "- hosts: all"))
                        .build())
                .inNamespace(namespace)
                .create();
    }
}
