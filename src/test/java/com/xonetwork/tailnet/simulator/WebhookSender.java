package com.xonetwork.tailnet.simulator;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes events to endpoints, in the background. What is not answered by 2xx is sent again every hour for a day, with a
 * fresh signature. Safe for use by several threads.
 */
final class WebhookSender implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofHours(1);
    private static final int MOST_ATTEMPTS = 25;

    private final Clock clock;
    /** The endpoint as it is now; empty when it was deleted meanwhile. */
    private final Function<String, Optional<SimWebhook>> endpoint;

    private final List<WebhookDelivery> log = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();
    private @Nullable HttpClient http;

    WebhookSender(Clock clock, Function<String, Optional<SimWebhook>> endpoint) {
        this.clock = clock;
        this.endpoint = endpoint;
    }

    private record Pending(String endpointId, String body, int attempt, Instant due) {}

    void send(SimWebhook webhook, String body) {
        attempt(webhook, body, 1);
    }

    void retryWhatIsDue() {
        for (var retry : takeDue(clock.instant())) {
            endpoint.apply(retry.endpointId()).ifPresent(webhook -> attempt(webhook, retry.body(), retry.attempt()));
        }
    }

    private synchronized List<Pending> takeDue(Instant now) {
        var due = pending.stream().filter(retry -> !retry.due().isAfter(now)).toList();
        pending.removeAll(due);
        return due;
    }

    private void attempt(SimWebhook webhook, String body, int attempt) {
        var now = clock.instant();
        var signature = WebhookSignature.of(now, body, webhook.secret());
        var request = HttpRequest.newBuilder(URI.create(webhook.endpointUrl()))
                .timeout(PATIENCE)
                .header("Content-Type", Answer.JSON)
                .header("User-Agent", "Tailscale-Webhooks")
                .header(WebhookSignature.HEADER, signature)
                .POST(BodyPublishers.ofString(body))
                .build();
        var unused = client().sendAsync(request, BodyHandlers.discarding())
                .handle((answer, failure) -> failure == null ? answer.statusCode() : 0)
                .thenAccept(status -> {
                    ended(new WebhookDelivery(webhook.endpointId(), body, signature, attempt, status), now);
                });
    }

    private synchronized void ended(WebhookDelivery delivery, Instant sent) {
        log.add(delivery);
        var good = delivery.status() >= 200 && delivery.status() < 300;
        if (!good && delivery.attempt() < MOST_ATTEMPTS) {
            pending.add(new Pending(delivery.endpointId(), delivery.body(), delivery.attempt() + 1, sent.plus(RETRY)));
        }
    }

    synchronized List<WebhookDelivery> log() {
        return List.copyOf(log);
    }

    /** Made when it is first needed: most simulators never send anything. */
    private synchronized HttpClient client() {
        var made = http;
        if (made == null) {
            // HTTP/1.1, or a receiver without TLS is asked to upgrade the connection first.
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
            http = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (http != null) {
            http.shutdownNow();
            http = null;
        }
    }
}
