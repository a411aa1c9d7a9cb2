package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.NodeUnderTest;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A key, machines outside the cluster and a template and run called work. Needs {@code -Dcluster=node}. */
abstract class RunsOnNode {

    static final Duration PATIENCE = Duration.ofSeconds(120);

    NodeUnderTest node;
    final List<String> started = new ArrayList<>();

    @BeforeEach
    void key(Scene scene) {
        assumeTrue(scene.cluster().node().isPresent(), "skipped: only -Dcluster=node has a node that runs pods");
        node = scene.cluster().node().orElseThrow();
        scene.secret("ssh", Map.of("id", node.sshKey()));
    }

    @AfterEach
    void machinesEnd() {
        started.forEach(name -> node.stopMachine(name));
    }

    /** A machine and its TailnetNode. @return the target for a run */
    String machine(Scene scene, String name, boolean ssh) {
        var unique = name + "-" + UUID.randomUUID().toString().substring(0, 4);
        var address = ssh ? node.startMachine(unique) : node.startMachineWithoutSsh(unique);
        started.add(unique);
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: %1$s}
                spec: {hostname: %1$s, tailnetRef: {name: home}}
                """.formatted(name));
        return "{name: %s, address: %s}".formatted(name, address);
    }

    static void template(Scene scene, String engine, String entry, String source, String more) {
        var files = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("files")
                .endMetadata()
                .addToData(entry.split(":", -1)[0], source)
                .build();
        scene.client().resource(files).createOr(there -> there.update());
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: work}
                spec:
                  engine: %s
                  source: {configMap: {name: files, entry: "%s"}}
                  ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: TrustOnFirstUse}
                  targets: {override: true}
                %s
                """.formatted(engine, entry, more.indent(2)));
    }

    static void run(Scene scene, String more, String... targets) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: work}
                spec:
                  templateRef: {name: work}
                  targets: {nodes: [%s]}
                %s
                """.formatted(String.join(", ", targets), more.indent(2)));
    }

    static void awaitPhase(Scene scene, RunPhase phase) {
        scene.soon().atMost(PATIENCE).untilAsserted(() -> {
            var status = scene.get(AutomationRun.class, "work").getStatus();
            assertThat(status).isNotNull();
            assertThat(status.phase())
                    .as(status.conditions() + " " + status.hosts())
                    .isEqualTo(phase);
        });
    }

    static @Nullable AutomationRunStatus status(Scene scene) {
        return scene.get(AutomationRun.class, "work").getStatus();
    }

    static long events(Scene scene) {
        var status = status(scene);
        return status == null || status.events() == null ? 0 : status.events().received();
    }

    static List<Pod> pods(Scene scene) {
        return scene.client().pods().list().getItems();
    }

    /** Empty for a process that has ended. */
    static String proc(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/" + file));
        } catch (IOException e) {
            return "";
        }
    }
}
