package com.xonetwork.tailnet.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is sent: it does not throw, and without the secret it has no effect. */
class WebhookFuzzTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final String SECRET = "tskey-webhook-" + "kFuzz-0123456789";
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final List<TailnetKey> polls = new ArrayList<>();
    private final WebhookDeliveries deliveries = deliveries();

    private WebhookDeliveries deliveries() {
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        var hints = new PollHints((tailnet, policy) -> polls.add(tailnet), clock, Duration.ZERO, (delay, task) -> {});
        var made = new WebhookDeliveries(hints, new SnapshotStore(clock, 3), new IpForwardingReports(clock), clock);
        made.follow(HOME, new WebhookSecrets(List.of(SECRET)));
        return made;
    }

    @Property
    void garbageInTheHeaderIsRefused(@ForAll("headers") String header, @ForAll byte[] body) {
        assertThat(deliveries.receive(HOME, header, body)).isIn(WebhookOutcome.MALFORMED, WebhookOutcome.FORGED);
        assertThat(polls).isEmpty();
    }

    /** Half of them almost good: the pieces of a right header in any order and number. */
    @Provide
    Arbitrary<String> headers() {
        var pieces = Arbitraries.of(
                        "t=",
                        "t=" + NOW.getEpochSecond(),
                        "v1=",
                        "v1=" + "0".repeat(64),
                        "v1=" + "f".repeat(63),
                        ",",
                        "=",
                        " ",
                        "v2=x",
                        "\u0000",
                        "t=99999999999",
                        "t=-9",
                        "\ud800")
                .list()
                .ofMaxSize(12)
                .map(list -> String.join("", list));
        return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(1100), pieces);
    }

    @Property
    void anyChangeOfASignedMessageIsRefused(
            @ForAll byte[] body, @ForAll byte change, @ForAll("positions") int position) {
        var delivery = new Delivery(String.valueOf(NOW.getEpochSecond()), body, List.of(SECRET));
        var changed = body.length == 0 ? new byte[] {change} : body.clone();
        if (body.length > 0) {
            changed[position % body.length] ^= (byte) (change == 0 ? 1 : change);
        }

        assertThat(deliveries.receive(HOME, delivery.header(), changed)).isEqualTo(WebhookOutcome.FORGED);
        assertThat(polls).isEmpty();
    }

    @Provide
    Arbitrary<Integer> positions() {
        return Arbitraries.integers().between(0, 10_000);
    }

    /** The secret's owner may send nonsense too. */
    @Property
    void aGenuineBodyIsReadWithoutThrowing(@ForAll("bodies") String text) {
        var body = text.getBytes(StandardCharsets.UTF_8);
        var delivery = new Delivery(String.valueOf(NOW.getEpochSecond()), body, List.of(SECRET));

        assertThat(deliveries.receive(HOME, delivery.header(), body))
                .isIn(WebhookOutcome.ACCEPTED, WebhookOutcome.MALFORMED, WebhookOutcome.DUPLICATE);
    }

    @Provide
    Arbitrary<String> bodies() {
        var pieces = Arbitraries.of(
                        "[",
                        "]",
                        "{",
                        "}",
                        "\"type\":",
                        "\"nodeCreated\"",
                        "\"data\":",
                        "\"nodeID\":",
                        "null",
                        "1",
                        ",",
                        "[{\"type\":\"subnetIPForwardingNotEnabled\",\"data\":{\"nodeID\":\"n1\"}}]",
                        "\\u0000",
                        "true")
                .list()
                .ofMaxSize(15)
                .map(list -> String.join("", list));
        return Arbitraries.oneOf(
                Arbitraries.strings(), pieces, Arbitraries.of("[".repeat(60_000), "[]", "[1,null,[]]"));
    }
}
