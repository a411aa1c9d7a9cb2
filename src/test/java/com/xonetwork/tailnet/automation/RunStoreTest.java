package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunStoreTest {

    private static AutomationRun run(String status) {
        try {
            return new YAMLMapper().readValue("""
                    metadata: {name: first, namespace: net, uid: u, resourceVersion: "7", generation: 3}
                    spec:
                      templateRef: {name: ping}
                      targets: {nodes: [{name: web-1, address: 192.0.2.1, hostKey: "ssh-ed25519 AAAA"}]}
                      parameters: {text: much}
                      cancel: true
                      requestedBy: ann
                      requestId: r
                    %s
                    """.formatted(status), AutomationRun.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(RunPhase.class)
    void whatIsLargeOfARunThatHasEndedIsNotKept(RunPhase phase) {
        var store = new RunStore();
        var run = run("status: {phase: " + phase.word() + ", attempt: 2, inputsHash: abc}");
        var key = store.getKey(run);
        assertThat(store.put(key, run)).isNull();
        var kept = store.get(key);
        assertThat(kept.getSpec().parameters() == null).isEqualTo(phase.isTerminal());
        assertThat(kept.getSpec().targets().nodes().isEmpty()).isEqualTo(phase.isTerminal());
        assertThat(kept.getMetadata()).isEqualTo(run.getMetadata());
        assertThat(kept.getStatus()).isEqualTo(run.getStatus());
        assertThat(kept.getSpec().templateRef().name()).isEqualTo("ping");
        assertThat(kept.getSpec().cancel()).isTrue();
        assertThat(kept.getSpec().requestedBy()).isEqualTo("ann");
        assertThat(run.getSpec().parameters())
                .as("what the watch has brought is the handlers' too")
                .isNotNull();
        assertThat(store.values()).containsExactly(kept);
        assertThat(store.remove(key)).isEqualTo(kept);
        assertThat(store.size()).isZero();
    }

    @Test
    void aRunThatIsNewIsKeptWhole() {
        var store = new RunStore();
        var run = run("");
        store.put(store.getKey(run), run);
        assertThat(store.get(store.getKey(run))).isSameAs(run);
    }
}
