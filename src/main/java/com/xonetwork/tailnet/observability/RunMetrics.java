package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs as metrics: how they ended, for each template, and how many there are that have not. Machines are no labels. */
@Singleton
public final class RunMetrics {

    /** In place of the template's name, for runs whose template does not exist: its name is anybody's invention. */
    public static final String NO_TEMPLATE = "(none)";

    /** In place of the template's name, for all templates that the operator makes for machines. */
    public static final String MACHINES = "(machine)";

    private final MeterRegistry registry;

    public RunMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Counts a run that has ended.
     *
     * @param template a template that exists, or {@link #NO_TEMPLATE}, or {@link #MACHINES}
     * @param took from the start of the first attempt; zero when there was none
     */
    public void ended(String namespace, String template, String engine, RunPhase phase, Duration took) {
        Metric.RUNS.timer(registry, namespace, template, engine, phase.word()).record(took);
    }

    /** The template is gone, and so are its series. */
    public void forget(String namespace, String template) {
        registry.find(Metric.RUNS.id())
                .tags("namespace", namespace, "template", template)
                .meters()
                .forEach(registry::remove);
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
