package com.xonetwork.tailnet.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.webhook.WebhookReceiver.Address;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real HTTP: what the receiver answers, and that it reads no more than it must. */
@Timeout(60)
class WebhookReceiverTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final String PATH = "/webhooks/net/home";
    private static final String SECRET = "tskey-webhook-" + "kHttp-0123456789";
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final List<TailnetKey> polls = new CopyOnWriteArrayList<>();
    private final List<WebhookOutcome> outcomes = new CopyOnWriteArrayList<>();
    private final WebhookDeliveries deliveries = new WebhookDeliveries(
            new PollHints((tailnet, policyToo) -> polls.add(tailnet), clock, Duration.ZERO, (delay, task) -> {}),
            new SnapshotStore(clock, 3),
            new IpForwardingReports(clock),
            clock);
    private final WebhookReceiver receiver =
            new WebhookReceiver(VERTX, new Address("127.0.0.1", 0), deliveries, outcomes::add);

    @BeforeEach
    void open() {
        deliveries.follow(HOME, new WebhookSecrets(List.of(SECRET)));
        assertThat(receiver.open()).isEmpty();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> post(String path, Delivery delivery) throws Exception {
        return post(path, delivery, BodyPublishers.ofByteArray(delivery.body()));
    }

    private HttpResponse<String> post(String path, Delivery delivery, BodyPublisher body) throws Exception {
        var request =
                request(path).header(WebhookSignature.HEADER, delivery.header()).POST(body);
        // A connection of its own: one on which a body was refused is closed, and must not be taken for the next
        // request.
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private Delivery signed(String body) {
        return Delivery.of(body, clock.instant(), SECRET);
    }

    @Test
    void aGenuineDeliveryIsTakenAndItsRepetitionIsFine() throws Exception {
        var delivery = signed("[{\"type\":\"nodeCreated\"}]");

        assertThat(post(PATH, delivery).statusCode()).isEqualTo(204);
        assertThat(post(PATH, delivery).statusCode()).isEqualTo(204);
        assertThat(polls).containsExactly(HOME);
        assertThat(outcomes).containsExactly(WebhookOutcome.ACCEPTED, WebhookOutcome.DUPLICATE);
    }

    @Test
    void halfHeadsKeepNobodyOut() throws Exception {
        var strangers = new ArrayList<Socket>();
        try {
            for (var i = 0; i < WebhookConnections.MOST + 200; i++) {
                var stranger = new Socket("127.0.0.1", receiver.port());
                stranger.getOutputStream().write("POST /webhooks/net/home HTTP/1.1\r\nX: ".getBytes(UTF_8));
                strangers.add(stranger);
            }
            assertThat(post(PATH, signed("[]")).statusCode()).isEqualTo(204);
        } finally {
            for (var stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void halfAHeadIsLeftAfterAWhile() throws Exception {
        try (var stranger = new Socket("127.0.0.1", receiver.port())) {
            stranger.setSoTimeout(60_000);
            stranger.getOutputStream().write("POST / HTTP/1.1\r\nX: ".getBytes(UTF_8));
            assertThat(stranger.getInputStream().read()).as("the end").isEqualTo(-1);
        }
    }

    @Test
    void aBodyInPiecesIsPutTogether() throws Exception {
        var delivery = signed("[{\"type\":\"" + "x".repeat(40_000) + "\"}]");

        assertThat(post(PATH, delivery, chunked(delivery.body())).statusCode()).isEqualTo(204);
    }

    @Test
    void refusalsSayNothingButTheStatus() throws Exception {
        var forged = Delivery.of("[]", clock.instant(), "tskey-webhook-guess");
        var unknown = post("/webhooks/net/other", signed("[]"));
        var wrong = post(PATH, forged);

        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(unknown.statusCode()).isEqualTo(wrong.statusCode());
        assertThat(unknown.headers().map()).isEqualTo(wrong.headers().map());
        assertThat(unknown.body()).isEqualTo(wrong.body()).isEmpty();
        assertThat(post(PATH, Delivery.of("[]", clock.instant().minusSeconds(301), SECRET))
                        .statusCode())
                .isEqualTo(410);
        assertThat(post(PATH, Delivery.of("[]", clock.instant().plusSeconds(301), SECRET))
                        .statusCode())
                .isEqualTo(410);
        assertThat(post(PATH, signed("{}")).statusCode()).isEqualTo(400);
        assertThat(polls).isEmpty();
    }

    @Test
    void withoutASignatureOrWithTwoHeadersItIsMalformed() throws Exception {
        var none = request(PATH).POST(BodyPublishers.ofString("[]")).build();
        var two = request(PATH)
                .header(WebhookSignature.HEADER, signed("[]").header())
                .header(WebhookSignature.HEADER, "t=1,v1=" + "0".repeat(64))
                .POST(BodyPublishers.ofString("[]"))
                .build();

        assertThat(HTTP.send(none, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(400);
        assertThat(HTTP.send(two, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /webhooks/net/home, 405",
        "PUT, /webhooks/net/home, 405",
        "DELETE, /webhooks/net/home, 405",
        "POST, /, 404",
        "POST, /webhooks, 404",
        "POST, /webhooks/net, 404",
        "POST, /webhooks/net/home/, 404",
        "POST, /webhooks/net/home/more, 404",
        "POST, /webhooks//home, 404",
        "POST, /webhooks/net/%2e%2e, 404",
        "POST, /webhooks/net/HOME, 404",
        "POST, /q/health, 404",
        "GET, /q/metrics, 404",
    })
    void otherPathsAndMethodsAreRefused(String method, String path, int status) throws Exception {
        var delivery = signed("[]");
        var request = request(path)
                .header(WebhookSignature.HEADER, delivery.header())
                .method(method, BodyPublishers.ofByteArray(delivery.body()))
                .build();

        var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
        assertThat(polls).isEmpty();
    }

    @Test
    void theLimitIsTheLimitToTheByte() throws Exception {
        var padding = WebhookReceiver.MOST_BYTES - "[\"\"]".length();
        var largest = signed("[\"" + "x".repeat(padding) + "\"]");
        var tooLarge = signed("[\"" + "x".repeat(padding + 1) + "\"]");

        assertThat(largest.body()).hasSize(64 * 1024);
        assertThat(post(PATH, largest).statusCode()).isEqualTo(204);
        assertThat(post(PATH, tooLarge).statusCode()).isEqualTo(413);
        assertThat(post(PATH, tooLarge, chunked(tooLarge.body())).statusCode())
                .as("without an announced length")
                .isEqualTo(413);
        assertThat(outcomes)
                .containsExactly(WebhookOutcome.ACCEPTED, WebhookOutcome.TOO_LARGE, WebhookOutcome.TOO_LARGE);
    }

    /** A body of any size costs the sender, not us. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEndlessBodyIsBrokenOff(boolean announced) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), receiver.port())) {
            var out = socket.getOutputStream();
            out.write(("POST " + PATH + " HTTP/1.1\r\nHost: x\r\n" + WebhookSignature.HEADER + ": t=1,v1="
                            + "0".repeat(64) + "\r\n"
                            + (announced ? "Content-Length: 9999999999\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n"))
                    .getBytes(StandardCharsets.US_ASCII));
            var piece = (announced ? "x".repeat(4096) : "1000\r\n" + "x".repeat(4096) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            long sent = 0;
            try {
                while (sent < 100_000_000) {
                    out.write(piece);
                    sent += piece.length;
                }
            } catch (IOException e) {
                // As expected: nobody reads it any more.
            }
            assertThat(sent).isLessThan(20_000_000);
        }
        assertThat(outcomes).containsExactly(WebhookOutcome.TOO_LARGE);
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForForEver() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), receiver.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n[")
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(statusLine(socket.getInputStream())).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void whoHoldsManyRequestsOpenIsStoppedAndLeavesRoomAfterwards() throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            for (int number = 0; number < 100; number++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), receiver.port());
                sockets.add(socket);
                socket.getOutputStream()
                        .write(("POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n[")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> post(PATH, signed("[]")).statusCode() == 503);
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> post(PATH, signed("[]")).statusCode() == 204);
    }

    @Test
    void aPortThatIsTakenIsToldAndTriedAgain() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var second = new WebhookReceiver(
                    VERTX, new Address("127.0.0.1", taken.getLocalPort()), deliveries, outcome -> {});
            assertThat(second.open().orElseThrow()).contains("port " + taken.getLocalPort());
            assertThat(second.port()).isZero();
            taken.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> second.open().isEmpty());
            second.close();
        }
    }

    private static String statusLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int character = in.read(); character >= 0 && character != '\r'; character = in.read()) {
            line.append((char) character);
        }
        return line.toString();
    }

    private static BodyPublisher chunked(byte[] body) {
        var pieces = new ArrayList<byte[]>();
        for (int from = 0; from < body.length; from += 1000) {
            pieces.add(Arrays.copyOfRange(body, from, Math.min(body.length, from + 1000)));
        }
        return BodyPublishers.ofByteArrays(pieces);
    }
}
