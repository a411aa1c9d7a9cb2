package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.webhook.WebhookOutcome;
import io.micrometer.core.instrument.Counter;
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
        Counter.builder("xo.tailnet.webhook.deliveries")
                .description("Requests to the receiver of webhooks, by what became of them.")
                .tag("outcome", outcome.label())
                .register(registry)
                .increment();
    }
}
