package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.RealCluster;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Everything that the documentation tells users to apply can be applied. */
@RealCluster
class DocumentedYamlIT {

    @TestFactory
    Stream<DynamicTest> theApiServerTakes(ClusterUnderTest cluster) {
        return YamlDocument.all().stream()
                .map(document -> DynamicTest.dynamicTest(document.toString(), () -> applies(cluster, document)));
    }

    private static void applies(ClusterUnderTest cluster, YamlDocument document) {
        var result = cluster.kubectlWith(
                document.text(), "apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-");

        assertThat(result.succeeded())
                .as("%s is refused by the API server:%n%s%n%s", document, result.stderr(), document.text())
                .isTrue();
    }

    @Test
    void aMistakeIsFound(ClusterUnderTest cluster) {
        var result =
                cluster.kubectlWith("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: NodeClass
                metadata: {name: web}
                spec: {match: {hostname: ["web-*"]}}
                """, "apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-");

        assertThat(result.succeeded()).isFalse();
        assertThat(result.stderr()).contains("hostname");
    }
}
