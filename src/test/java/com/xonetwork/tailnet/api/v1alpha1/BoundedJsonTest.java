package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.kube.UnreadFields;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 150 objects of 1 MB were more than the memory of the process. */
class BoundedJsonTest {

    private final KubernetesSerialization serialization = serialization();

    private static KubernetesSerialization serialization() {
        var mapper = new ObjectMapper();
        UnreadFields.passOver(mapper);
        return new KubernetesSerialization(mapper, false);
    }

    private AutomationRun run(String parameters) {
        return serialization.unmarshal("""
                {"apiVersion": "tailnet.xo-network.com/v1alpha1", "kind": "AutomationRun", "metadata": {"name": "a"},
                 "spec": {"templateRef": {"name": "ping"}, "parameters": %s, "targets": {"nodes": [{"name": "web-1"}]},
                 "cancel": true}}""".formatted(parameters), AutomationRun.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\": [1, 2.5, {\"b\": null}], \"c\": \"x\", \"d\": true}"})
    void whatIsSmallIsReadAsItIs(String parameters) throws Exception {
        var read = run(parameters);
        assertThat(read.getSpec().parameters()).isEqualTo(new ObjectMapper().readTree(parameters));
        assertThat(read.getSpec().cancel()).isTrue();
        assertThat(serialization.clone(read).getSpec()).isEqualTo(read.getSpec());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\": \"%s\"", "\"%s\": 1", "\"a\": {\"b\": [\"%s\"]}"})
    void whatIsLargeIsPassedOverAndTheRestRead(String shape) {
        var read = run("{" + shape.formatted("x".repeat(1_000_000)) + "}");
        assertThat(read.getSpec().parameters()).isSameAs(BoundedJson.PASSED_OVER);
        assertThat(read.getSpec().cancel()).isTrue();
        assertThat(read.getSpec().targets().nodes()).hasSize(1);
        assertThat(serialization.clone(read).getSpec().parameters()).isEqualTo(BoundedJson.PASSED_OVER);
    }

    @Test
    void aPolicyMayBeAsLongAsItsText() {
        assertThat(fragment(200_000)).isInstanceOf(ObjectNode.class);
        assertThat(fragment(300_000)).isSameAs(BoundedJson.PASSED_OVER);
    }

    private JsonNode fragment(int length) {
        return serialization
                .unmarshal("""
                        {"apiVersion": "tailnet.xo-network.com/v1alpha1", "kind": "AclPolicy", "metadata": {"name": "a"},
                         "spec": {"tailnetRef": {"name": "home"}, "fragment": {"hosts": {"a": "%s"}}}}""".formatted("x".repeat(length)), AclPolicy.class)
                .getSpec()
                .fragment();
    }

    /** The API server takes 10,000 levels. */
    @Test
    void whatIsDeepIsPassedOver() {
        var read = run("{\"a\": " + "[".repeat(9_990) + "]".repeat(9_990) + "}");
        assertThat(read.getSpec().parameters()).isSameAs(BoundedJson.PASSED_OVER);
        assertThat(read.getSpec().cancel()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "{}", "[]", "null", "\"\""})
    void whatIsManyIsPassedOver(String value) {
        var read = run("{\"a\": [" + (value + ",").repeat(20_000) + value + "]}");
        assertThat(read.getSpec().parameters()).isSameAs(BoundedJson.PASSED_OVER);
    }
}
