package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.simulator.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real answers over a socket; the operator's clock shows 10:00:00. */
@Timeout(30)
class ServerClockTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @RegisterExtension
    final StubServer stub = new StubServer();

    private final TestConnection connection = new TestConnection();

    private static String date(Duration ahead) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC).format(NOW.minus(ahead));
    }

    private static Reply json(Duration ahead) {
        return Reply.json("{}").with("Date", date(ahead));
    }

    private Optional<ClockSkew> after(Reply... replies) {
        stub.answers(replies);
        try (var http = connection.open(stub)) {
            for (var ignored : replies) {
                try {
                    http.send(call(READ));
                } catch (ControlPlaneException e) {
                    assertThat(e).isNotNull();
                }
            }
            return http.clockSkew();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -600, -61, 0, 61, 600, 86_400})
    void theDateOfAnAnswerTells(long secondsAhead) {
        var ahead = Duration.ofSeconds(secondsAhead);

        assertThat(after(json(ahead))).hasValueSatisfying(skew -> {
            assertThat(skew.ahead().minus(ahead).abs()).isLessThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(skew.uncertainty()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            assertThat(skew.there(NOW).minus(ahead.negated()).plusSeconds(1)).isAfter(NOW);
        });
    }

    @Test
    void clocksThatMayAgreeAreNotCorrected() {
        assertThat(after(json(Duration.ZERO)).orElseThrow().there(NOW)).isEqualTo(NOW);
        assertThat(after(json(Duration.ofMinutes(10))).orElseThrow().there(NOW))
                .isBetween(NOW.minusSeconds(601), NOW.minusSeconds(599));
    }

    /** It is the service's own no, and with credentials that live by the clock the first that it says. */
    @Test
    void aRefusalOfTheServiceTellsToo() {
        assertThat(after(Reply.json(401, "{\"message\": \"no\"}").with("Date", date(Duration.ofMinutes(10)))))
                .isPresent();
    }

    static Stream<Reply> sayNothing() {
        var off = date(Duration.ofMinutes(10));
        return Stream.of(
                Reply.json("{}"),
                Reply.json("{}").with("Date", ""),
                Reply.json("{}").with("Date", "yesterday"),
                Reply.json("{}").with("Date", "2026-11-24T09:50:00Z"),
                Reply.json("{}").with("Date", "Tue, 24 Nov 2026 25:61:00 GMT"),
                // A cache's answer is as old as it says, or older.
                json(Duration.ofMinutes(10)).with("Age", "600"),
                json(Duration.ofMinutes(10)).with("Age", "0"),
                Reply.of(302, "").with("Date", off).with("Location", "https://portal.example.com/"),
                Reply.json(307, "{}").with("Date", off).with("Location", "/elsewhere"),
                Reply.html(200).with("Date", off),
                Reply.html(403).with("Date", off),
                Reply.of(403, "blocked by the proxy").with("Date", off),
                Reply.json(407, "{}").with("Date", off),
                Reply.json(502, "{}").with("Date", off),
                Reply.html(503).with("Date", off));
    }

    @ParameterizedTest
    @MethodSource("sayNothing")
    void whatIsNotTheServicesOwnTimeSaysNothing(Reply reply) {
        assertThat(after(reply)).isEmpty();
    }

    /** Several servers behind one name, of which one is off. */
    @Test
    void oneOddAnswerChangesNothing() {
        var right = json(Duration.ZERO);
        var odd = json(Duration.ofHours(5));

        for (var replies :
                new Reply[][] {{right, odd}, {odd, right}, {right, odd, right}, {right, right, right, odd}}) {
            assertThat(after(replies).orElseThrow().least()).isZero();
        }
        assertThat(after(right, right, odd, odd).orElseThrow().least()).isPositive();
    }

    @Test
    void aClockThatIsSetDuringTheCallIsNotCompared() {
        var clock = new ManualClock(NOW);
        connection.clock = clock;
        stub.behaves(request -> {
            clock.advance(Duration.ofHours(-1));
            return json(Duration.ZERO);
        });

        try (var http = connection.open(stub)) {
            http.send(call(READ));
            assertThat(http.clockSkew()).isEmpty();
        }
    }
}
