package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.api.v1alpha1.ConditionedStatus;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import io.fabric8.kubernetes.client.CustomResource;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How the resources of each kind are, whoever reconciles them: counted when metrics are read. */
@Singleton
public final class ResourceMetrics {

    private static final List<String> STATES = List.of("True", "False", "Unknown");

    private final MeterRegistry registry;
    private final Clock clock;

    public ResourceMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** @param there all resources of the kind, from a cache */
    public void watch(
            String kind, Supplier<? extends Stream<? extends CustomResource<?, ? extends ConditionedStatus>>> there) {
        for (var state : STATES) {
            Metric.RESOURCES.gauge(
                    registry,
                    there,
                    all -> all.get()
                            .filter(resource -> ready(resource).equals(state))
                            .count(),
                    kind,
                    state);
        }
        var waiting = new Waiting();
        Metric.OLDEST_UNRECONCILED.gauge(registry, there, all -> waiting.longest(all.get()), kind);
    }

    private static String ready(CustomResource<?, ? extends ConditionedStatus> resource) {
        var status = resource.getStatus();
        return status == null
                ? "Unknown"
                : Conditions.find(status.conditions(), ConditionType.READY)
                        .map(condition -> condition.status())
                        .orElse("Unknown");
    }

    /** Since when each resource that waits was seen to wait. */
    private final class Waiting {

        private Map<String, Instant> since = Map.of();

        /** In seconds. */
        synchronized double longest(Stream<? extends CustomResource<?, ? extends ConditionedStatus>> there) {
            var now = clock.instant();
            var still = new HashMap<String, Instant>();
            there.filter(resource -> !speaksOfItsSpec(resource)).forEach(resource -> {
                var generation = resource.getMetadata().getUid()
                        + ' '
                        + resource.getMetadata().getGeneration();
                still.put(generation, since.getOrDefault(generation, now));
            });
            since = still;
            return still.values().stream()
                    .map(from -> Duration.between(from, now))
                    .mapToDouble(waited -> waited.toMillis() / 1000.0)
                    .max()
                    .orElse(0);
        }

        private boolean speaksOfItsSpec(CustomResource<?, ? extends ConditionedStatus> resource) {
            var status = resource.getStatus();
            return status != null
                    && Objects.equals(
                            status.observedGeneration(), resource.getMetadata().getGeneration());
        }
    }
}
