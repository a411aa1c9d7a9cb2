package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Optional;

/** What became of each policy that was sent to a control plane. */
@Singleton
public final class PolicyMetrics {

    private final MeterRegistry registry;

    public PolicyMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param failure empty when it is in force now */
    public void sent(TailnetKey tailnet, Optional<ControlPlaneException> failure) {
        Metric.POLICY_PUBLICATIONS
                .counter(
                        registry,
                        failure.map(e -> e.getClass().getSimpleName()).orElse("Published"),
                        tailnet.namespace(),
                        tailnet.name())
                .increment();
    }
}
