package com.xonetwork.tailnet.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A running operator that is polling once an hour, and what it takes to make it look at once. */
@RunningOperator
class WebhookIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String secret = "tskey-webhook-" + UUID.randomUUID();
    private final String next = "tskey-webhook-" + UUID.randomUUID();

    private static int send(Scene scene, String tailnet, Delivery delivery) {
        var request = HttpRequest.newBuilder(
                        scene.operator().webhooks(scene.cluster().namespace(), tailnet))
                .timeout(Duration.ofSeconds(20))
                .header(WebhookSignature.HEADER, delivery.header())
                .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void tailnet(Scene scene, String webhook) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: Tailnet
                metadata: {name: home}
                spec:
                  pollInterval: 1h
                  tailscale:
                    url: "%s"
                    credentials: {secretRef: {name: %s}}
                """.formatted(scene.simulator().url(), Scene.SECRET) + webhook.indent(2));
    }

    @Test
    void aGenuineDeliveryMakesItPollAtOnceAndAForgedOneDoesNot(Scene scene) {
        // Another Tailnet is the clock for "nothing happens meanwhile".
        var clock = scene.addSimulator();
        scene.tailnetAt(clock.url(), "clock", "");
        scene.secret("hooks", Map.of("secret", secret));
        tailnet(scene, "webhook: {secretRefs: [{name: hooks, key: secret}]}");
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitCondition(Tailnet.class, "home", "WebhookReady", "True", "Ready");
        scene.awaitReady(Tailnet.class, "clock");

        var mark = scene.ledger().mark();
        var canary = "canary-" + UUID.randomUUID();
        var body = "[{\"type\":\"nodeCreated\",\"data\":{\"nodeID\":\"" + canary + "\"}}]";
        var forged = Delivery.of(body, Instant.now(), "tskey-webhook-guess");
        var genuine = Delivery.of(body, Instant.now(), secret);
        for (var delivery : List.of(
                forged,
                Delivery.of(body, Instant.now().minusSeconds(3600), secret),
                Delivery.of(body, Instant.now().plusSeconds(3600), secret),
                Delivery.of("x".repeat(100_000), Instant.now(), secret),
                new Delivery("1e9", genuine.body(), List.of(secret)))) {
            assertThat(send(scene, "home", delivery)).isBetween(400, 499);
        }
        assertThat(send(scene, "nowhere", genuine)).isEqualTo(send(scene, "home", forged));
        scene.letPollsGoBy(clock, 3);
        assertThat(scene.ledger().countSince(mark, Scene.LIST))
                .as("forged ones do nothing")
                .isZero();

        assertThat(send(scene, "home", genuine)).isEqualTo(204);
        scene.soon().until(() -> scene.ledger().countSince(mark, Scene.LIST) == 1);
        assertThat(send(scene, "home", genuine)).as("repeated").isEqualTo(204);
        scene.letPollsGoBy(clock, 3);
        assertThat(scene.ledger().countSince(mark, Scene.LIST)).isEqualTo(1);

        assertThat(scene.operator().logs())
                .doesNotContain(secret)
                .doesNotContain(genuine.signature(secret))
                .doesNotContain(forged.signature("tskey-webhook-guess"))
                .doesNotContain(canary);
        assertThat(scene.operator().process().metrics())
                .contains("xo_tailnet_webhook_deliveries_total{outcome=\"accepted\"}")
                .contains("xo_tailnet_webhook_deliveries_total{outcome=\"forged\"}")
                .as("strangers choose the path")
                .doesNotContain("/webhooks/");
    }

    @Test
    void aSecretIsRotatedWithoutAGap(Scene scene) {
        scene.secret("hooks", Map.of("old", secret, "new", next));
        tailnet(scene, "webhook: {secretRefs: [{name: hooks, key: old}]}");
        scene.awaitCondition(Tailnet.class, "home", "WebhookReady", "True", "Ready");
        assertThat(send(scene, "home", Delivery.of("[1]", Instant.now(), next))).isEqualTo(403);

        tailnet(scene, "webhook: {secretRefs: [{name: hooks, key: old}, {name: hooks, key: new}]}");
        scene.soon().until(() -> send(scene, "home", Delivery.of("[2]", Instant.now(), next)) == 204);
        assertThat(send(scene, "home", Delivery.of("[3]", Instant.now(), secret)))
                .isEqualTo(204);

        tailnet(scene, "webhook: {secretRefs: [{name: hooks, key: new}]}");
        scene.soon().until(() -> send(scene, "home", Delivery.of("[4]", Instant.now(), secret)) == 403);
        assertThat(send(scene, "home", Delivery.of("[5]", Instant.now(), next))).isEqualTo(204);
    }

    @Test
    void aMissingSecretIsToldAndThePollingGoesOn(Scene scene) {
        tailnet(scene, "webhook: {secretRefs: [{name: absent, key: secret}]}");

        var told = scene.awaitCondition(Tailnet.class, "home", "WebhookReady", "False", "SecretNotFound");
        assertThat(told.message()).contains("absent");
        scene.awaitCondition(Tailnet.class, "home", "DevicesListed", "True", "Ready");

        scene.secret("absent", Map.of("secret", secret));
        scene.awaitReady(Tailnet.class, "home");
        assertThat(send(scene, "home", Delivery.of("[]", Instant.now(), secret)))
                .isEqualTo(204);
    }
}
