package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.StubApiServer;
import com.xonetwork.tailnet.webhook.Delivery;
import com.xonetwork.tailnet.webhook.Webhooks;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TailnetWebhooksTest {

    private static final String OLD = "tskey-webhook-" + "kOld-0123456789";
    private static final String NEW = "tskey-webhook-" + "kNew-0123456789";
    private static final KeyRef OLD_REF = new KeyRef("hooks", "old");
    private static final KeyRef NEW_REF = new KeyRef("hooks", "new");

    @RegisterExtension
    private final StubApiServer kubernetes = new StubApiServer();

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final Vertx vertx = Vertx.vertx();
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private Webhooks webhooks;
    private TailnetWebhooks room;

    @BeforeEach
    void make() {
        make(0);
    }

    private void make(int port) {
        webhooks = new Webhooks(
                vertx,
                new Webhooks.Settings("127.0.0.1", port, Duration.ofSeconds(5)),
                new SnapshotPoller(
                        settings -> {
                            throw new IllegalStateException("nothing is connected here");
                        },
                        snapshots,
                        clock),
                snapshots,
                new IpForwardingReports(clock),
                clock,
                outcome -> {});
        room = new TailnetWebhooks(new ConnectionResolver(kubernetes.client()), webhooks);
    }

    @AfterEach
    void end() {
        webhooks.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Fact follow(KeyRef... references) {
        return room.follow(home(references));
    }

    private static Tailnet home(KeyRef... references) {
        return tailnet("home").webhookSecrets(references).build();
    }

    private int post(String secret) throws Exception {
        var delivery = Delivery.of("[]", clock.instant(), secret);
        clock.advance(Duration.ofSeconds(1));
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webhooks.port() + "/webhooks/net/home"))
                .header("Tailscale-Webhook-Signature", delivery.header())
                .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void withoutSecretsNothingListens() {
        assertThat(follow())
                .isEqualTo(Fact.yes(
                        ConditionType.WEBHOOK_READY,
                        Reason.NOT_MANAGED,
                        "spec.webhook is not set; changes are seen at the next poll"));
        assertThat(webhooks.port()).isZero();
        assertThat(kubernetes.requests()).isEmpty();
    }

    @Test
    void deliveriesAreTakenWhileTheSpecNamesSecrets() throws Exception {
        kubernetes.has(secrets("old", OLD));
        assertThat(follow(OLD_REF))
                .isEqualTo(Fact.yes(
                        ConditionType.WEBHOOK_READY, Reason.READY, "webhooks are accepted at /webhooks/net/home"));
        assertThat(post(OLD)).isEqualTo(204);
        assertThat(post(NEW)).isEqualTo(403);

        follow();
        assertThat(webhooks.port()).as("the last one closes the port").isZero();
    }

    @Test
    void aMissingSecretIsToldAndTheOthersGoOn() throws Exception {
        kubernetes.has(secrets("old", OLD));

        var fact = follow(NEW_REF, OLD_REF);

        assertThat(fact.status()).isEqualTo("False");
        assertThat(fact.reason()).isEqualTo(Reason.SECRET_KEY_MISSING);
        assertThat(fact.message()).contains("hooks", "new").doesNotContain(OLD);
        assertThat(post(OLD)).isEqualTo(204);

        kubernetes.has(secrets("new", NEW));
        assertThat(follow(NEW_REF).isTrue()).isTrue();
        assertThat(post(NEW)).isEqualTo(204);
        assertThat(post(OLD)).as("no longer named").isEqualTo(403);
    }

    @Test
    void withoutAnySecretNothingIsTaken() {
        var fact = follow(OLD_REF);

        assertThat(fact.reason()).isEqualTo(Reason.SECRET_NOT_FOUND);
        assertThat(fact.message()).contains("no Secret hooks", "webhook");
        assertThat(webhooks.port()).isZero();
    }

    @Test
    void aForgottenTailnetTakesNoneAnyMore() throws Exception {
        kubernetes.has(secrets("old", OLD));
        follow(OLD_REF);
        room.follow(tailnet("other").webhookSecrets(OLD_REF).build());
        room.forget(new TailnetKey("net", "home"));

        assertThat(post(OLD)).isEqualTo(403);
        room.forget(new TailnetKey("net", "other"));
        assertThat(webhooks.port()).isZero();
    }

    @Test
    void aPortThatIsTakenWaitsForNoHuman() throws Exception {
        kubernetes.has(secrets("old", OLD));
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            make(taken.getLocalPort());

            var fact = follow(OLD_REF);

            assertThat(fact.reason()).isEqualTo(Reason.PENDING);
            assertThat(fact.message()).contains("port " + taken.getLocalPort());
        }
    }

    private static Secret secrets(String key, String value) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("hooks")
                .withNamespace("net")
                .endMetadata()
                .addToData(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)))
                .build();
    }
}
