package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.webhook.WebhookOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;

/** Requests to the receiver of webhooks as a metric. Not by tailnet: strangers choose that name. */
public final class WebhookMetrics implements Consumer<WebhookOutcome> {

    private final MeterRegistry registry;

    public WebhookMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void accept(WebhookOutcome outcome) {
        Metric.DELIVERIES.counter(registry, outcome.label()).increment();
    }
}
