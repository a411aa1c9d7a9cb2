package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.CommandResult;
import com.xonetwork.tailnet.testbed.RealCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Commands of the documentation that people run when something is wrong, as they stand there. */
@RealCluster
class DocumentedCommandsIT {

    /** The block of a page that holds a text, as a shell gets it. */
    private static String block(String page, String holding) throws IOException {
        var blocks = new ArrayList<String>();
        StringBuilder block = null;
        for (var line : Files.readAllLines(Path.of(page))) {
            if (!line.strip().startsWith("```")) {
                if (block != null) {
                    block.append(line).append('\n');
                }
            } else if (block == null) {
                block = new StringBuilder();
            } else {
                blocks.add(block.toString().stripIndent());
                block = null;
            }
        }
        assertThat(blocks)
                .as("blocks of %s", page)
                .filteredOn(text -> text.contains(holding))
                .hasSize(1);
        return blocks.stream()
                .filter(text -> text.contains(holding))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(CommandResult result) {
        return result.orFail().stdout().lines().toList();
    }

    @Test
    void whatCarriesAFinalizerIsListed(ClusterUnderTest cluster) throws IOException {
        cluster.kubectlWith("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: kept, finalizers: [tailnet.xo-network.com/device]}
                spec: {tailnetRef: {name: main}, hostname: kept, deletionPolicy: Delete}
                ---
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: free}
                spec: {tailnetRef: {name: main}, hostname: free}
                """, "apply", "-f", "-").orFail();

        var listed = lines(cluster.shell(block("docs/operations/upgrade.md", "metadata.finalizers")));

        assertThat(listed).contains(cluster.namespace() + "/kept [tailnet.xo-network.com/device]");
        assertThat(listed).noneMatch(line -> line.contains(cluster.namespace() + "/free"));
    }

    @Test
    void everyRecordOfAMachinesHostKeyIsListed(ClusterUnderTest cluster) throws IOException {
        cluster.kubectlWith("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: vm-1}
                spec:
                  tailnetRef: {name: main}
                  hostname: vm-1
                  tags: ["tag:web"]
                  join: {ssh: {address: 192.0.2.10, keySecretRef: {name: ssh, key: id}, hostKeys: TrustOnFirstUse}}
                """, "apply", "-f", "-").orFail();
        cluster.kubectl(
                        "patch",
                        "tailnetnode",
                        "vm-1",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\": {\"addresses\": [\"100.64.0.1\", \"fd7a:115c:a1e0::1\"]}}")
                .orFail();
        record(cluster, "vm-1-join-known-hosts", "192.0.2.10 ssh-ed25519 AAAA1\n192.0.2.1 ssh-ed25519 AAAA2\n");
        record(cluster, "motd-known-hosts", "web-7 ssh-rsa AAAA3\n[100.64.0.1]:2222,other ssh-rsa AAAA4\n");
        record(cluster, "motd-known-hosts-2", "192.0.2.100 ssh-rsa AAAA5\n");

        var listed = lines(cluster.shell(block("docs/how-to/run-an-automation.md", "known_hosts")));

        assertThat(listed)
                .containsExactlyInAnyOrder(
                        "vm-1-join-known-hosts\t192.0.2.10 ssh-ed25519 AAAA1",
                        "motd-known-hosts\t[100.64.0.1]:2222,other ssh-rsa AAAA4");
    }

    @Test
    void runsThatEndedLongAgoAreDeletedAndNoOthers(ClusterUnderTest cluster) throws IOException {
        run(cluster, "old", "2026-01-01T10:00:00Z");
        run(cluster, "new", "2999-01-01T10:00:00Z");
        run(cluster, "live", null);

        cluster.shell(block("docs/how-to/run-an-automation.md", "finishedAt")).orFail();

        assertThat(lines(cluster.kubectl("get", "automationruns", "-o", "name")))
                .extracting(name -> name.substring(name.indexOf('/') + 1))
                .containsExactlyInAnyOrder("new", "live");
    }

    private static void run(ClusterUnderTest cluster, String name, @Nullable String finishedAt) {
        cluster.kubectlWith("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s}
                spec: {templateRef: {name: ping}, targets: {nodes: [{name: web-1}]}}
                """.formatted(name), "apply", "-f", "-").orFail();
        if (finishedAt != null) {
            cluster.kubectl(
                            "patch",
                            "automationrun",
                            name,
                            "--subresource=status",
                            "--type=merge",
                            "-p",
                            "{\"status\": {\"finishedAt\": \"" + finishedAt + "\"}}")
                    .orFail();
        }
    }

    /** As the operator makes it: nobody else may write the label. */
    private static void record(ClusterUnderTest cluster, String name, String text) {
        cluster.kubectlWith(
                        """
                {"apiVersion": "v1", "kind": "ConfigMap",
                 "metadata": {"name": "%s", "labels": {"app.kubernetes.io/managed-by": "xo-tailnet-operator"}},
                 "data": {"known_hosts": "%s"}}
                """.formatted(name, text.replace("\n", "\\n")),
                        "create",
                        "--as=system:serviceaccount:xo-tailnet-operator:xo-tailnet-operator",
                        "--as-group=system:masters",
                        "-f",
                        "-")
                .orFail();
    }
}
