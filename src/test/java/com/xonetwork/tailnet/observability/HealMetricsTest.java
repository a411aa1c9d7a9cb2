package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class HealMetricsTest {

    @Test
    void theFirstRungIsOne() {
        var registry = new SimpleMeterRegistry();
        var policy = new HealPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withName("web")
                .withNamespace("net")
                .withUid("u")
                .build());
        new HealMetrics(registry).begun(policy, 1);
        assertThat(registry.getMeters())
                .singleElement()
                .satisfies(meter -> assertThat(meter.getId().getTag("rung")).isEqualTo("1"));
    }
}
