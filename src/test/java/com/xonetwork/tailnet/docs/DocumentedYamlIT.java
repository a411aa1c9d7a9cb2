package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.RealCluster;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Everything that the documentation tells users to apply can be applied. */
@RealCluster
@Execution(ExecutionMode.CONCURRENT)
class DocumentedYamlIT {

    @TestFactory
    Stream<DynamicTest> theApiServerTakes(ClusterUnderTest cluster) {
        return YamlDocument.all().stream()
                .map(document -> DynamicTest.dynamicTest(document.toString(), () -> applies(cluster, document)));
    }

    private static void applies(ClusterUnderTest cluster, YamlDocument document) {
        var answer = cluster.dryRun(document.text());

        assertThat(answer.accepted())
                .as("%s is refused by the API server:%n%s%n%s", document, answer.message(), document.text())
                .isTrue();
    }

    @Test
    void aMistakeIsFoundAsKubectlFindsIt(ClusterUnderTest cluster) {
        var mistaken = """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: NodeClass
                metadata: {name: web}
                spec: {match: {hostname: ["web-*"]}}
                """;

        var answer = cluster.dryRun(mistaken);
        var kubectl = cluster.kubectlWith(
                mistaken, "apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-");

        assertThat(answer.accepted()).isFalse();
        assertThat(answer.message()).contains(".spec.match.hostname: field not declared in schema");
        assertThat(kubectl.succeeded()).isFalse();
        assertThat(kubectl.stderr()).contains(".spec.match.hostname: field not declared in schema");
    }
}
