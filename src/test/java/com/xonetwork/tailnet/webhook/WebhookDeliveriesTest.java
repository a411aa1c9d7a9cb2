package com.xonetwork.tailnet.webhook;

import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.IpForwardingReports.Role;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookDeliveriesTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final TailnetKey OFFICE = new TailnetKey("net", "office");
    private static final String SECRET = "tskey-webhook-" + "kTest-0123456789";
    private static final String NODE_CREATED = """
            [{"timestamp":"2026-11-24T10:00:00Z","version":1,"type":"nodeCreated","tailnet":"example.com",
              "message":"Node created","data":{"nodeID":"1","deviceName":"web-1","actor":"a@example.com"}}]""";

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final List<String> polls = new ArrayList<>();
    private final List<String> woken = new ArrayList<>();
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private final IpForwardingReports reports = new IpForwardingReports(clock);
    private final WebhookDeliveries deliveries = new WebhookDeliveries(
            new PollHints(
                    (tailnet, policyToo) -> polls.add(tailnet.name() + (policyToo ? " with policy" : "")),
                    clock,
                    Duration.ZERO,
                    (delay, task) -> {}),
            snapshots,
            reports,
            clock);

    @BeforeEach
    void follow() {
        deliveries.follow(HOME, new WebhookSecrets(List.of(SECRET)));
    }

    private WebhookOutcome send(TailnetKey tailnet, String body, String secret) {
        return send(tailnet, Delivery.of(body, clock.instant(), secret));
    }

    private WebhookOutcome send(TailnetKey tailnet, Delivery delivery) {
        return deliveries.receive(tailnet, delivery.header(), delivery.body());
    }

    @Test
    void aGenuineDeliveryIsAHintToPoll() {
        assertThat(send(HOME, NODE_CREATED, SECRET)).isEqualTo(WebhookOutcome.ACCEPTED);
        assertThat(polls).containsExactly("home");
    }

    @Test
    void aChangedPolicyIsReadToo() {
        send(HOME, "[{\"type\":\"policyUpdate\",\"data\":{\"newPolicy\":\"{}\"}}]", SECRET);

        assertThat(polls).containsExactly("home with policy");
    }

    @Test
    void anUnknownEventAndATestAreHintsAsWell() {
        send(HOME, "[{\"type\":\"somethingNew\"},{\"type\":\"test\",\"data\":null},7]", SECRET);

        assertThat(polls).containsExactly("home");
    }

    @Test
    void aForgedOneHasNoEffectWhateverItSays() {
        assertThat(send(HOME, NODE_CREATED, "tskey-webhook-guess")).isEqualTo(WebhookOutcome.FORGED);
        assertThat(send(HOME, "not JSON either", "tskey-webhook-guess")).isEqualTo(WebhookOutcome.FORGED);
        assertThat(deliveries.receive(HOME, null, bytes(NODE_CREATED))).isEqualTo(WebhookOutcome.MALFORMED);
        assertThat(polls).isEmpty();
    }

    /** Otherwise anybody could find out which tailnets there are. */
    @Test
    void aTailnetThatDoesNotExistAnswersLikeOneWithAnotherSecret() {
        assertThat(send(OFFICE, NODE_CREATED, SECRET)).isEqualTo(WebhookOutcome.FORGED);
        assertThat(send(OFFICE, Delivery.of("[]", clock.instant().minusSeconds(900), SECRET)))
                .isEqualTo(WebhookOutcome.FORGED);
        assertThat(deliveries.receive(OFFICE, "nonsense", bytes("[]"))).isEqualTo(WebhookOutcome.MALFORMED);

        deliveries.forget(HOME);
        assertThat(send(HOME, NODE_CREATED, SECRET)).isEqualTo(WebhookOutcome.FORGED);
        assertThat(deliveries.isIdle()).isTrue();
    }

    @Test
    void aReplayedOneHasNoSecondEffectUntilItIsStale() {
        var delivery = Delivery.of(NODE_CREATED, clock.instant(), SECRET);
        assertThat(send(HOME, delivery)).isEqualTo(WebhookOutcome.ACCEPTED);
        assertThat(send(HOME, delivery)).isEqualTo(WebhookOutcome.DUPLICATE);
        // The same message in another dress.
        assertThat(deliveries.receive(HOME, delivery.header() + ",v1=" + "0".repeat(64) + ",v2=x", delivery.body()))
                .isEqualTo(WebhookOutcome.DUPLICATE);
        clock.advance(Duration.ofMinutes(5));
        assertThat(send(HOME, delivery)).isEqualTo(WebhookOutcome.DUPLICATE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(send(HOME, delivery)).isEqualTo(WebhookOutcome.STALE);

        assertThat(polls).containsExactly("home");
    }

    /** Signed for a time to come, it stays good for longer: so long it must be remembered. */
    @Test
    void aFutureDatedOneIsRememberedUntilItsEnd() {
        var ahead = Delivery.of(NODE_CREATED, clock.instant().plusSeconds(300), SECRET);
        assertThat(send(HOME, ahead)).isEqualTo(WebhookOutcome.ACCEPTED);
        clock.advance(Duration.ofMinutes(10));
        assertThat(send(HOME, ahead)).isEqualTo(WebhookOutcome.DUPLICATE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(send(HOME, ahead)).isEqualTo(WebhookOutcome.STALE);
        assertThat(send(HOME, Delivery.of(NODE_CREATED, clock.instant().plusSeconds(301), SECRET)))
                .isEqualTo(WebhookOutcome.STALE);
    }

    @Test
    void theSameMessageForTwoTailnetsIsTwoMessages() {
        deliveries.follow(OFFICE, new WebhookSecrets(List.of(SECRET)));
        var delivery = Delivery.of(NODE_CREATED, clock.instant(), SECRET);

        assertThat(send(HOME, delivery)).isEqualTo(WebhookOutcome.ACCEPTED);
        assertThat(send(OFFICE, delivery)).isEqualTo(WebhookOutcome.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{}", "null", "\"x\"", "[{\"type\":\"nodeCreated\"", "[] []", "<html>", "[\u0000]"})
    void aGenuineBodyOfAnotherShapeIsMalformed(String body) {
        assertThat(send(HOME, body, SECRET)).isEqualTo(WebhookOutcome.MALFORMED);
        assertThat(polls).isEmpty();
    }

    @Test
    void whileASecretIsRotatedBothCount() {
        deliveries.follow(HOME, new WebhookSecrets(List.of("tskey-webhook-new", SECRET)));

        assertThat(send(HOME, NODE_CREATED, SECRET)).isEqualTo(WebhookOutcome.ACCEPTED);
        assertThat(send(HOME, "[]", "tskey-webhook-new")).isEqualTo(WebhookOutcome.ACCEPTED);
        deliveries.follow(HOME, new WebhookSecrets(List.of("tskey-webhook-new")));
        assertThat(send(HOME, "[1]", SECRET)).isEqualTo(WebhookOutcome.FORGED);
    }

    @Test
    void aRouterWithoutIpForwardingIsRememberedAndItsResourcesAreWoken() {
        snapshots.listed(HOME, List.of(plain("1"), plain("2")), clock.instant());
        snapshots.addListener((tailnet, devices, whole) -> devices.forEach(device -> woken.add(device.id())));

        send(HOME, """
                [{"type":"subnetIPForwardingNotEnabled","data":{"nodeID":"1","deviceName":"router"}},
                 {"type":"exitNodeIPForwardingNotEnabled","data":{"nodeID":"2"}},
                 {"type":"subnetIPForwardingNotEnabled","data":{"nodeID":"unknown"}},
                 {"type":"subnetIPForwardingNotEnabled","data":null},
                 {"type":"nodeCreated","data":{"nodeID":"2"}}]""", SECRET);

        assertThat(reports.reportedAt(HOME, plain("1"), Role.SUBNET_ROUTER)).contains(clock.instant());
        assertThat(reports.reportedAt(HOME, plain("1"), Role.EXIT_NODE)).isEmpty();
        assertThat(reports.reportedAt(HOME, plain("2"), Role.EXIT_NODE)).contains(clock.instant());
        assertThat(reports.reportedAt(HOME, plain("2"), Role.SUBNET_ROUTER)).isEmpty();
        assertThat(woken).containsExactly("1", "2");
    }

    @Test
    void whatIsRememberedOfDeliveriesIsBounded() {
        var replays = new ReplayCache(100);
        for (int delivery = 0; delivery < 1000; delivery++) {
            assertThat(replays.isFirst(HOME, "1", bytes("body " + delivery), clock.instant()))
                    .isTrue();
        }
        assertThat(replays.size()).isEqualTo(100);
        assertThat(replays.isFirst(HOME, "1", bytes("body 999"), clock.instant()))
                .isFalse();
        clock.advance(Duration.ofMinutes(11));
        assertThat(replays.isFirst(HOME, "1", bytes("another"), clock.instant()))
                .isTrue();
        assertThat(replays.size()).isEqualTo(1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
