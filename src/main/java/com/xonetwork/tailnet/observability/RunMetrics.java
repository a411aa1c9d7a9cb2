package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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
    public void ended(String namespace, String template, RunPhase phase, Duration took) {
        Timer.builder("xo.tailnet.runs")
                .description("Runs that ended, by final phase, and how long they took.")
                .tag("namespace", namespace)
                .tag("template", template)
                .tag("phase", phase.word())
                .register(registry)
                .record(took);
    }

    /** @param phases of all runs there are; asked for when metrics are read */
    public void watch(Supplier<Stream<RunPhase>> phases) {
        for (var phase : RunPhase.values()) {
            if (!phase.isTerminal()) {
                Gauge.builder(
                                "xo.tailnet.runs.live",
                                phases,
                                all -> all.get().filter(there -> there == phase).count())
                        .description("Runs that have not ended.")
                        .tag("phase", phase.word())
                        // A reader of metrics must not lose what nothing else holds.
                        .strongReference(true)
                        .register(registry);
            }
        }
    }
}
