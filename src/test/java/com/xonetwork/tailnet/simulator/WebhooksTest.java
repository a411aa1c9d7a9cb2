package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {

    private static final String WEBHOOKS = "/tailnet/-/webhooks";
    private static final Instant START = Instant.parse("2026-06-01T10:00:00Z");

    private final ManualClock clock = new ManualClock(START);
    private final TailnetSimulator simulator = new TailnetSimulator(Profile.SAAS, clock);
    private final WebhookReceiver receiver = new WebhookReceiver();
    private Api api;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "all");
        api = new Api(simulator, "key");
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
        receiver.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{}",
                "{\"endpointUrl\":\"http://example.com/\",\"subscriptions\":[\"nodeCreated\"]}",
                "{\"endpointUrl\":\"no url\",\"subscriptions\":[\"nodeCreated\"]}",
                "{\"endpointUrl\":\"https://example.com/\",\"subscriptions\":[]}",
                "{\"endpointUrl\":\"https://example.com/\",\"subscriptions\":[\"nodeBorn\"]}",
                "{\"endpointUrl\":\"https://example.com/\",\"providerType\":\"irc\",\"subscriptions\":[\"nodeCreated\"]}"
            })
    void badInputIsRefused(String body) throws Exception {
        assertThat(api.post(WEBHOOKS, body).status()).isEqualTo(400);
        assertThat(api.get(WEBHOOKS).body()).isEqualTo("{\"webhooks\":[]}");
    }

    @Test
    void theSecretIsShownOnceAndAgainWhenItIsRotated() throws Exception {
        var made = api.post(
                        WEBHOOKS,
                        "{\"endpointUrl\":\"" + receiver.url()
                                + "\",\"subscriptions\":[\"policyUpdate\",\"nodeCreated\",\"nodeCreated\"]}")
                .json();
        var path = "/webhooks/" + made.path("endpointId").asText();
        assertThat(made.path("subscriptions").toString()).isEqualTo("[\"nodeCreated\",\"policyUpdate\"]");
        assertThat(made.path("created").asText()).isEqualTo("2026-06-01T10:00:00Z");
        assertThat(api.get(path).json().has("secret")).isFalse();
        clock.advance(Duration.ofMinutes(1));
        var rotated = api.post(path + "/rotate", "").json();
        assertThat(rotated.path("secret").asText())
                .startsWith("tskey-webhook-")
                .isNotEqualTo(made.path("secret").asText());
        assertThat(rotated.path("lastModified").asText()).isEqualTo("2026-06-01T10:01:00Z");
        assertThat(api.delete(path).status()).isEqualTo(200);
        assertThat(api.get(path).status()).isEqualTo(404);
        assertThat(simulator.webhooks().all()).isEmpty();
    }

    @Test
    void aDeliveryIsASignedListOfOneEvent() throws Exception {
        var webhook = simulator.webhooks().add(receiver.url(), "nodeCreated");
        var device = simulator.addDevice(SimDevice.named("web").tags("tag:web"));
        var received = receiver.next();
        assertThat(received.signature())
                .isEqualTo(WebhookSignature.of(START, received.body(), webhook.secret()))
                .matches("t=1780308000,v1=[0-9a-f]{64}");
        assertThat(received.type()).isEqualTo("nodeCreated");
        assertThat(received.event().path("version").asInt()).isEqualTo(1);
        assertThat(received.event().path("tailnet").asText()).isEqualTo("T1234CNTRL");
        assertThat(received.event().at("/data/nodeID").asText()).isEqualTo(device.nodeId());
        assertThat(received.event().at("/data/deviceName").asText()).isEqualTo("web.tailfe8c.ts.net");
        await().untilAsserted(() -> assertThat(simulator.webhooks().deliveries())
                .containsExactly(
                        new WebhookDelivery(webhook.endpointId(), received.body(), received.signature(), 1, 200)));
        assertThat(simulator.webhooks().toString()).doesNotContain(webhook.secret());
    }

    /** A vector that was not made with this code: {@code printf '1700000000.[]' | openssl dgst -sha256 -hmac secret}. */
    @Test
    void theSignatureIsHmacSha256OverTimeDotBody() {
        assertThat(WebhookSignature.of(Instant.ofEpochSecond(1_700_000_000), "[]", "secret"))
                .isEqualTo("t=1700000000,v1=74f76d8933679a54d6be8c7560a5233b124658241ca5a3b0f09af80d3ea60d78");
        assertThat(WebhookSignature.of(START, "[]", "old", "new").split(",")).hasSize(3);
    }

    @Test
    void whatHappensIsTold() throws Exception {
        simulator.webhooks().add(receiver.url(), "categoryTailnetManagement", "categoryDeviceMisconfigurations");
        var id = simulator.addDevice(SimDevice.named("web").authorized(false)).nodeId();
        assertThat(receiver.next(2))
                .extracting(WebhookReceiver.Received::type)
                .containsExactlyInAnyOrder("nodeCreated", "nodeNeedsApproval");
        api.post("/device/" + id + "/authorized", "{\"authorized\":true}");
        assertThat(receiver.next().type()).isEqualTo("nodeApproved");
        api.post("/tailnet/-/acl", "{\"acls\":[]}");
        var policy = receiver.next();
        assertThat(policy.type()).isEqualTo("policyUpdate");
        assertThat(policy.event().at("/data/newPolicy").asText()).isEqualTo("{\"acls\":[]}");
        var user = simulator.addUser(SimUser.named("bob@example.com"));
        assertThat(receiver.next().type()).isEqualTo("userCreated");
        api.post("/users/" + user.id() + "/suspend", "");
        assertThat(receiver.next().type()).isEqualTo("userSuspended");
        simulator.webhooks().emit("subnetIPForwardingNotEnabled", "IP forwarding is off", Map.of("nodeID", id));
        assertThat(receiver.next().event().at("/data/nodeID").asText()).isEqualTo(id);
        api.delete("/device/" + id);
        assertThat(receiver.next().type()).isEqualTo("nodeDeleted");
    }

    @Test
    void timeAloneEndsKeysAndThatIsToldOnce() throws Exception {
        simulator.webhooks().add(receiver.url(), "nodeKeyExpired", "nodeKeyExpiringInOneDay", "policyUpdate");
        simulator.addDevice(SimDevice.named("web").expires(START.plus(Duration.ofDays(3))));
        simulator.addDevice(SimDevice.named("for-ever")
                .expires(START.plus(Duration.ofDays(3)))
                .keyExpiryDisabled(true));
        clock.advance(Duration.ofDays(2));
        var soon = receiver.next();
        assertThat(soon.type()).isEqualTo("nodeKeyExpiringInOneDay");
        assertThat(soon.event().at("/data/expiration").asText()).isEqualTo("2026-06-04T10:00:00Z");
        clock.advance(Duration.ofDays(1));
        assertThat(receiver.next().type()).isEqualTo("nodeKeyExpired");
        simulator.setPolicyByHand("{}");
        assertThat(receiver.next().type()).as("and nothing before it").isEqualTo("policyUpdate");
    }

    @Test
    void whatIsNotTakenIsSentAgainAfterAnHourWithAFreshSignature() throws Exception {
        receiver.answers(503);
        simulator.webhooks().add(receiver.url(), "nodeCreated");
        simulator.addDevice(SimDevice.named("web"));
        var first = receiver.next();
        await().untilAsserted(
                        () -> assertThat(simulator.webhooks().deliveries()).hasSize(1));
        receiver.answers(200);
        clock.advance(Duration.ofHours(1));
        var second = receiver.next();
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.signature()).isNotEqualTo(first.signature());
        await().untilAsserted(() -> assertThat(simulator.webhooks().deliveries())
                .extracting(WebhookDelivery::status)
                .containsExactly(503, 200));
    }

    @Test
    void aTestIsQueuedAndSentWhateverTheSubscriptions() throws Exception {
        var webhook = simulator.webhooks().add(receiver.url(), "userCreated");
        var queued = api.post("/webhooks/" + webhook.endpointId() + "/test", "");
        assertThat(queued.status()).isEqualTo(202);
        assertThat(queued.body()).isEmpty();
        var received = receiver.next();
        assertThat(received.type()).isEqualTo("test");
        assertThat(received.event().path("data").isNull()).isTrue();
    }
}
