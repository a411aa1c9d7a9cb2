package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.NodeClassStatus;
import com.xonetwork.tailnet.simulator.ManualClock;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResourceMetricsTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<NodeClass> there = new ArrayList<>();

    {
        new ResourceMetrics(registry, clock).watch("NodeClass", there::stream);
    }

    private NodeClass resource(String name, long generation) {
        var resource = new NodeClass();
        resource.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withUid(name)
                .withGeneration(generation)
                .build());
        there.add(resource);
        return resource;
    }

    private static void reports(NodeClass resource, long generation, String ready) {
        var condition = new Condition("Ready", ready, "Ok", "", generation, "2026-11-24T10:00:00Z");
        resource.setStatus(new NodeClassStatus(generation, List.of(condition), 0, List.of()));
    }

    private double count(String ready) {
        return registry.get("xo.tailnet.resources")
                .tags("kind", "NodeClass", "ready", ready)
                .gauge()
                .value();
    }

    private double oldest() {
        return registry.get("xo.tailnet.resources.oldest.unreconciled.seconds")
                .gauge()
                .value();
    }

    @Test
    void countsByWhatReadySays() {
        reports(resource("a", 1), 1, "True");
        reports(resource("b", 1), 1, "False");
        reports(resource("c", 1), 1, "True");
        resource("new", 1);
        assertThat(count("True")).isEqualTo(2);
        assertThat(count("False")).isEqualTo(1);
        assertThat(count("Unknown")).isEqualTo(1);
    }

    @Test
    void tellsHowLongTheOldestHasWaited() {
        var first = resource("a", 2);
        reports(first, 1, "True");
        assertThat(oldest()).isZero();
        clock.advance(Duration.ofSeconds(30));
        var second = resource("b", 1);
        assertThat(oldest()).isEqualTo(30);
        clock.advance(Duration.ofSeconds(10));
        reports(first, 2, "False");
        assertThat(oldest()).as("the other one's").isEqualTo(10);
        second.getMetadata().setGeneration(2L);
        assertThat(oldest()).as("another spec, another wait").isZero();
    }

    @Test
    void seriesDoNotGrowWithResources() {
        IntStream.range(0, 10_000).forEach(i -> resource("n" + i, 1));
        assertThat(count("Unknown")).isEqualTo(10_000);
        assertThat(registry.getMeters()).hasSize(4);
    }
}
