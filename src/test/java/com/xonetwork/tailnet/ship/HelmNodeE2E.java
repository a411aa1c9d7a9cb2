package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.OperatorUnderTest;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.BuiltProgram;
import com.xonetwork.tailnet.testbed.CommandResult;
import com.xonetwork.tailnet.testbed.NodeUnderTest;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The chart from its installation to its end, with the operator in a pod, under its own account and no other, and a real tailnet.
 * Needs {@code -Dcluster=node}. Runs alone: no other operator may run beside it.
 */
@RunningOperator
@RealTailnet
@Isolated
class HelmNodeE2E {

    private static final Path CHART = Path.of("helm", "xo-tailnet-operator");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static CommandResult helm(Scene scene, String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--kubeconfig", scene.cluster().kubeconfig().toString()));
        return BuiltProgram.named("helm").run(Map.of(), "", line.toArray(String[]::new));
    }

    private static String[] release(Scene scene, String command, Path chart, String... more) {
        var line = new ArrayList<>(List.of(
                command,
                "xo",
                chart.toString(),
                "--namespace",
                scene.cluster().namespace(),
                "--wait",
                "--timeout=240s",
                "--take-ownership",
                "--set=image.repository=" + NodeUnderTest.OPERATOR_REPOSITORY,
                "--set=image.tag=" + NodeUnderTest.OPERATOR_TAG,
                "--set=image.pullPolicy=Never",
                "--set=runner.image=" + NodeUnderTest.RUNNER_IMAGE,
                // Otherwise a cache that does not fit its image would be passed over.
                "--set=extraEnv[0].name=JDK_JAVA_OPTIONS",
                "--set=extraEnv[0].value=-XX:AOTMode=on",
                "--set=watchNamespaces={" + scene.cluster().namespace() + "}"));
        line.addAll(List.of(more));
        return line.toArray(String[]::new);
    }

    /** The chart as an earlier release would have been: its TailnetNodes had no preferences yet. */
    private static Path earlier(Path directory) throws IOException {
        var chart = directory.resolve("earlier");
        try (var files = Files.walk(CHART, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
            for (var file : files.toList()) {
                var copy = chart.resolve(CHART.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        var crd = chart.resolve("files/crds/tailnetnodes.tailnet.xo-network.com.yaml");
        Files.writeString(crd, Files.readString(crd).replace("              preferences:", "              wishes:"));
        return chart;
    }

    @Test
    void theChartIsInstalledUpgradedAndRemovedAndTheUsersResourcesStay(
            Scene scene, TailnetUnderTest tailnet, @TempDir Path directory) throws IOException {
        assumeTrue(scene.cluster().node().isPresent(), "skipped: only -Dcluster=node has a node that runs pods");
        scene.cluster().node().orElseThrow().loadOperatorImage();
        scene.operator().kill();
        OperatorUnderTest.removeAdmission(scene.client());
        try {
            helm(scene, release(scene, "install", earlier(directory))).orFail();
            assertThat(explained(scene)).isFalse();
            scene.headscale("home", tailnet);
            scene.awaitTrue(Tailnet.class, "home", "Ready", LIMIT);

            upgrade(scene, List.of());
            assertThat(explained(scene)).isTrue();
            scene.policy("base", "fragment: {tagOwners: {\"tag:web\": [\"xo@\"]}, acls: []}");
            scene.node("web-1", "hostname: web-1\ntags: [\"tag:web\"]\njoin: {manual: {}}\n");
            scene.awaitTrue(TailnetNode.class, "web-1", "JoinKeyReady", LIMIT);
            assertThat(scene.find(Secret.class, "web-1-join")).isPresent();
            assertThat(logs(scene)).contains("\"level\":\"DEBUG\"").doesNotContain("is forbidden");
            OperatorNetwork.onlyWhoIsNamedReachesIt(scene, more -> upgrade(scene, more));
            anotherReplicaTakesOver(scene);

            scene.delete(TailnetNode.class, "web-1");
            scene.soon()
                    .atMost(LIMIT)
                    .until(() -> scene.find(TailnetNode.class, "web-1").isEmpty());
            helm(scene, "uninstall", "xo", "--namespace", scene.cluster().namespace(), "--wait", "--timeout=240s")
                    .orFail();
            scene.soon().atMost(LIMIT).until(() -> scene.list(Pod.class).isEmpty());
            assertThat(scene.find(Tailnet.class, "home"))
                    .as("a user's resource")
                    .hasValueSatisfying(home ->
                            assertThat(home.getMetadata().getFinalizers()).isEmpty());
        } finally {
            helm(scene, "uninstall", "xo", "--namespace", scene.cluster().namespace(), "--ignore-not-found", "--wait");
            OperatorUnderTest.installAdmission(scene.client());
            scene.operator().start();
        }
    }

    private static void upgrade(Scene scene, List<String> more) {
        var line = new ArrayList<>(List.of("--set=logging.level=DEBUG"));
        line.addAll(more);
        helm(scene, release(scene, "upgrade", CHART, line.toArray(String[]::new)))
                .orFail();
    }

    private static String logs(Scene scene) {
        return scene.cluster()
                .kubectl("logs", "--selector=app.kubernetes.io/name=xo-tailnet-operator", "--tail=-1")
                .orFail()
                .stdout();
    }

    private static String leader(Scene scene) {
        return scene.get(Lease.class, "xo-xo-tailnet-operator").getSpec().getHolderIdentity();
    }

    private static void anotherReplicaTakesOver(Scene scene) {
        assertThat(scene.list(Pod.class)).hasSize(2);
        var first = leader(scene);
        scene.delete(Pod.class, first.substring(0, first.indexOf('_')));
        scene.soon()
                .atMost(LIMIT)
                .until(() -> !leader(scene).isEmpty() && !leader(scene).equals(first));
        scene.node("web-2", "hostname: web-2\ntags: [\"tag:web\"]\njoin: {manual: {}}\n");
        scene.awaitTrue(TailnetNode.class, "web-2", "JoinKeyReady", LIMIT);
        assertThat(logs(scene)).doesNotContain("is forbidden");
        scene.delete(TailnetNode.class, "web-2");
        scene.soon()
                .atMost(LIMIT)
                .until(() -> scene.find(TailnetNode.class, "web-2").isEmpty());
    }

    @Test
    void whatIsForThoseWithoutHelmIsTheChartAndTheApiServerTakesIt(Scene scene) {
        assumeTrue(scene.cluster().node().isPresent(), "skipped: only -Dcluster=node builds helm's testbed");
        BuiltProgram.script("hack/deploy").run(Map.of(), "", "--check").orFail();
        scene.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("xo-tailnet-operator")
                        .endMetadata()
                        .build())
                .serverSideApply();
        var manifests = BuiltProgram.named("kubectl")
                .run(Map.of(), "", "kustomize", "deploy/kustomize")
                .orFail()
                .stdout();
        assertThat(scene.client()
                        .load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
                        .items())
                .hasSizeGreaterThan(15)
                .allSatisfy(item -> scene.client()
                        .resource(item)
                        .inNamespace("xo-tailnet-operator")
                        .dryRun()
                        .forceConflicts()
                        .serverSideApply());
    }

    /** Whether the API server knows the field of the newer release. */
    private static boolean explained(Scene scene) {
        return scene.cluster()
                .kubectl("explain", "tailnetnode.spec.preferences")
                .succeeded();
    }

    private static final String REACHED = "--set=networkPolicy.apiFrom[0].ipBlock.cidr=0.0.0.0/0";

    /** Each is something that a user may want. */
    private static final List<List<String>> CHOICES = List.of(
            List.of(),
            List.of("--set=service.api=false"),
            List.of("--set=replicas=1"),
            List.of("--set=watchNamespaces={a,b}", "--set=rbac.workloadIdentityAccounts={tailscale-identity}"),
            List.of("--set=crds.keep=false", "--set=networkPolicy.enabled=false"),
            List.of("--set=bootstrap.url=https://xo.example.com", "--set=bootstrap.caSecret=ca", REACHED),
            List.of("--set=bootstrap.url=https://xo.example.com", "--set=bootstrap.caConfigMap=ca", REACHED),
            List.of("--set=service.tlsSecret=api", "--set=runner.imagePullSecrets={pull}"),
            List.of("--set=admissionPolicies.enabled=false", "--set=roles.create=false"),
            List.of("--set=serviceAccount.create=false", "--set=serviceAccount.name=mine", "--set=rbac.create=false"),
            List.of("--set=image.digest=sha256:" + "a".repeat(64), "--set=priorityClassName=system-cluster-critical"),
            List.of("--set=podLabels.team=net", "--set=nodeSelector.disk=ssd", "--set=imagePullSecrets[0].name=pull"));

    @Test
    void whateverIsChosenTheApiServerTakesIt(Scene scene) {
        assumeTrue(scene.cluster().node().isPresent(), "skipped: only -Dcluster=node builds helm's testbed");
        helm(scene, "lint", CHART.toString(), "--strict").orFail();
        for (var choice : CHOICES) {
            var line = new ArrayList<>(List.of(
                    "template",
                    "xo",
                    CHART.toString(),
                    "--namespace",
                    scene.cluster().namespace(),
                    "--set=image.repository=registry.example.com/xo-tailnet-operator",
                    "--set=runner.image=registry.example.com/xo-runner:0.1.0"));
            line.addAll(choice);
            var rendered = helm(scene, line.toArray(String[]::new)).orFail().stdout();
            // Bindings in other namespaces are looked at only where there are these namespaces.
            var here = rendered.replaceAll(
                    "namespace: [ab]\n", "namespace: " + scene.cluster().namespace() + "\n");
            scene.cluster()
                    .kubectlWith(here, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-")
                    .orFail();
        }
    }

    @Test
    void whatIsMisspeltIsRefused(Scene scene) {
        assumeTrue(scene.cluster().node().isPresent(), "skipped: only -Dcluster=node builds helm's testbed");
        for (var wrong : List.of(
                "--set=imag.tag=x",
                "--set=image.digest=latest",
                "--set=bootstrap.url=xo.example.com",
                "--set=replicas=0",
                "--set=watchNamespaces={A}",
                "--set=crds.install=maybe")) {
            var refused = helm(scene, "template", "xo", CHART.toString(), wrong);
            assertThat(refused.succeeded()).as(wrong).isFalse();
            assertThat(refused.stderr()).contains("values don't meet the specifications of the schema");
        }
    }
}
