package com.xonetwork.tailnet.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperatorConfigTest {

    @Test
    void defaults() {
        var config = config(Map.of());

        assertThat(config.rejectedRetry()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.deletionPatience()).isEqualTo(Duration.ofSeconds(25));
        assertThat(config.controlPlane().connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.controlPlane().callTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.controlPlane().maxBodyBytes()).isEqualTo(16 * 1024 * 1024);
        assertThat(config.controlPlane().maxAttempts()).isEqualTo(3);
        assertThat(config.controlPlane().plainHttpHosts()).isEmpty();
        assertThat(config.snapshot().staleAfterPolls()).isEqualTo(3);
        assertThat(config.snapshot().suspectPolls()).isEqualTo(10);
        assertThat(config.webhooks().host()).isEqualTo("0.0.0.0");
        assertThat(config.webhooks().port()).isEqualTo(8081);
        assertThat(config.webhooks().pollSpacing()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void canBeSet() {
        var config = config(Map.of(
                "tailnet-operator.rejected-retry",
                "30S",
                "tailnet-operator.control-plane.plain-http-hosts",
                "127.0.0.1,headscale.svc"));

        assertThat(config.rejectedRetry()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.controlPlane().plainHttpHosts()).contains(Set.of("127.0.0.1", "headscale.svc"));
    }

    private static OperatorConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(OperatorConfig.class)
                .withDefaultValues(properties)
                .build()
                .getConfigMapping(OperatorConfig.class);
    }
}
