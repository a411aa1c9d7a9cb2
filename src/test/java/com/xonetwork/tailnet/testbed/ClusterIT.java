package com.xonetwork.tailnet.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

@RealCluster
class ClusterIT {
    private static final String BAD_CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: Not_A_Name}
            """;

    @Test
    void theApiServerAnswers(ClusterUnderTest cluster) {
        assertThat(cluster.client().getKubernetesVersion().getMajor()).isEqualTo("1");
    }

    @Test
    void everyTestHasItsOwnEmptyNamespace(ClusterUnderTest cluster, KubernetesClient client) {
        assertThat(client.getNamespace()).isEqualTo(cluster.namespace());
        assertThat(client.secrets().list().getItems()).isEmpty();
        assertThat(client.namespaces()
                        .withName(cluster.namespace())
                        .get()
                        .getStatus()
                        .getPhase())
                .isEqualTo("Active");
    }

    @Test
    void kubectlWorksInTheNamespace(ClusterUnderTest cluster) {
        cluster.kubectl("create", "configmap", "colours", "--from-literal=sky=blue")
                .orFail();

        var result = cluster.kubectl("get", "configmap", "colours", "-o", "jsonpath={.data.sky}");

        assertThat(result.stdout()).isEqualTo("blue");
        assertThat(cluster.client().configMaps().withName("colours").get()).isNotNull();
    }

    @Test
    void aBadObjectIsRefused(ClusterUnderTest cluster) {
        var result = cluster.kubectlWith(BAD_CONFIG_MAP, "apply", "--server-side", "-f", "-");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("Not_A_Name").contains("Invalid value");
    }
}
