package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs as metrics: how they ended, for each template, and how many there are that have not. Machines are no labels. */
public final class RunMetrics {

    private final MeterRegistry registry;

    public RunMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param took from the start of the first attempt; zero when there was none */
    public void ended(String namespace, String template, String engine, RunPhase phase, Duration took) {
        Metric.RUNS.timer(registry, namespace, template, engine, phase.word()).record(took);
    }

    /** @param phases of all runs there are; asked for when metrics are read */
    public void watch(Supplier<Stream<RunPhase>> phases) {
        for (var phase : RunPhase.values()) {
            if (!phase.isTerminal()) {
                Metric.RUNS_LIVE.gauge(
                        registry,
                        phases,
                        all -> all.get().filter(there -> there == phase).count(),
                        phase.word());
            }
        }
    }
}
