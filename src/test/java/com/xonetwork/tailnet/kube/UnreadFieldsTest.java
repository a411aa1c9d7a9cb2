package com.xonetwork.tailnet.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class UnreadFieldsTest {

    private static final String NODE = """
            {
              "apiVersion": "tailnet.xo-network.com/v1alpha1",
              "kind": "TailnetNode",
              "metadata": {
                "name": "web-1",
                "resourceVersion": "7",
                "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {"f:hostname": {}}}}],
                "labels": {"a": "b"},
                "later": "unknown"
              },
              "spec": {"hostname": "web-1", "tailnetRef": {"name": "home"}}
            }
            """;

    @Test
    void managedFieldsArePassedOverAndNothingElse() {
        var mapper = new ObjectMapper();
        UnreadFields.passOver(mapper);
        var serialization = new KubernetesSerialization(mapper, false);

        var node = serialization.unmarshal(NODE, TailnetNode.class);

        var metadata = node.getMetadata();
        assertThat(metadata.getManagedFields()).isNullOrEmpty();
        assertThat(metadata.getLabels()).containsEntry("a", "b");
        assertThat(metadata.getResourceVersion()).isEqualTo("7");
        assertThat(metadata.getAdditionalProperties()).containsOnlyKeys("later");
        assertThat(node.getSpec().hostname()).isEqualTo("web-1");
        assertThat(serialization.asJson(node)).doesNotContain("managedFields").contains("\"a\":\"b\"");
    }
}
