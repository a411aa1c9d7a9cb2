package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.controlplane.CallObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Control-plane calls as metrics. Labels come from small fixed sets, so the number of series does not grow. */
public final class CallMetrics implements CallObserver {

    private final MeterRegistry registry;
    private final Timer throttle;

    public CallMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.throttle = Metric.THROTTLE.timer(registry);
    }

    @Override
    public void called(String operation, int status, Duration took) {
        Metric.CALLS.timer(registry, operation, String.valueOf(status)).record(took);
    }

    @Override
    public void throttled(Duration waited) {
        throttle.record(waited);
    }
}
