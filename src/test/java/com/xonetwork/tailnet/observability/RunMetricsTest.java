package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RunMetrics metrics = new RunMetrics(registry);

    @Test
    void runsThatEndedAreCountedByTemplateAndPhase() {
        metrics.ended("infra", "ping", "ansible", RunPhase.SUCCEEDED, Duration.ofSeconds(2));
        metrics.ended("infra", "ping", "ansible", RunPhase.SUCCEEDED, Duration.ofSeconds(4));
        metrics.ended("infra", "ping", "ansible", RunPhase.PARTIALLY_FAILED, Duration.ofSeconds(1));

        var good = registry.get("xo.tailnet.runs")
                .tags("namespace", "infra", "template", "ping", "engine", "ansible", "phase", "Succeeded")
                .timer();
        assertThat(good.count()).isEqualTo(2);
        assertThat(good.totalTime(TimeUnit.SECONDS)).isEqualTo(6);
        assertThat(registry.get("xo.tailnet.runs")
                        .tag("phase", "PartiallyFailed")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void runsThatHaveNotEndedAreAskedForWhenMetricsAreRead() {
        var runs = new ArrayList<>(List.of(RunPhase.QUEUED, RunPhase.RUNNING, RunPhase.QUEUED, RunPhase.FAILED));
        metrics.watch(runs::stream);
        assertThat(live("Queued")).isEqualTo(2);
        assertThat(live("Running")).isEqualTo(1);
        assertThat(live("AwaitingApproval")).isZero();

        runs.remove(RunPhase.QUEUED);
        assertThat(live("Queued")).isEqualTo(1);
        assertThat(registry.find("xo.tailnet.runs.live").tag("phase", "Failed").gauge())
                .as("it has ended")
                .isNull();
    }

    @Test
    void theSeriesOfATemplateGoWithIt() {
        metrics.ended("infra", "ping", "ansible", RunPhase.SUCCEEDED, Duration.ZERO);
        metrics.ended("infra", "ping", "ansible", RunPhase.FAILED, Duration.ZERO);
        metrics.ended("infra", "other", "ansible", RunPhase.FAILED, Duration.ZERO);
        metrics.ended("net", "ping", "ansible", RunPhase.FAILED, Duration.ZERO);
        metrics.forget("infra", "ping");
        assertThat(registry.get("xo.tailnet.runs").meters())
                .extracting(meter ->
                        meter.getId().getTag("namespace") + "/" + meter.getId().getTag("template"))
                .containsExactlyInAnyOrder("infra/other", "net/ping");
    }

    private double live(String phase) {
        return registry.get("xo.tailnet.runs.live").tag("phase", phase).gauge().value();
    }
}
