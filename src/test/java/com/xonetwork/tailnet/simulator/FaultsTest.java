package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.simulator.Api.Reply;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static final String LIST = "/tailnet/-/devices";

    private final TailnetSimulator simulator = new TailnetSimulator();
    private Api api;
    private String id;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "all");
        simulator.addDevices(4);
        id = simulator.devices().getFirst().nodeId();
        api = new Api(simulator, "key");
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    private Reply list() throws Exception {
        return api.get(LIST);
    }

    private Reply rename() throws Exception {
        return api.post("/device/" + id + "/name", "{\"name\":\"renamed\"}");
    }

    private String nameNow() {
        return simulator.device(id).orElseThrow().name();
    }

    @Test
    void aFaultStrikesAsOftenAsItWasToldAndOnlyItsOperation() throws Exception {
        var fault = simulator.faults().on("listTailnetDevices").times(2).status(500);
        assertThat(api.get("/device/" + id).status()).isEqualTo(200);
        assertThat(list().body()).isEqualTo("{\"message\":\"internal server error\"}");
        assertThat(list().status()).isEqualTo(500);
        assertThat(list().status()).isEqualTo(200);
        assertThat(fault.hits()).isEqualTo(2);
    }

    @Test
    void faultsMakeASequence() throws Exception {
        simulator.faults().on("listTailnetDevices").once().status(503);
        simulator.faults().on("listTailnetDevices").after(1).once().status(502);
        assertThat(list().status()).isEqualTo(503);
        assertThat(list().status()).isEqualTo(200);
        assertThat(list().status()).isEqualTo(502);
        assertThat(list().status()).isEqualTo(200);
    }

    @Test
    void untilClearedIsUntilCleared() throws Exception {
        var one = simulator.faults().onAll().untilCleared().status(504);
        assertThat(list().status()).isEqualTo(504);
        assertThat(api.get("/nonsense").status()).isEqualTo(504);
        one.clear();
        assertThat(list().status()).isEqualTo(200);
        simulator.faults().onAll().untilCleared().status(504);
        simulator.faults().clear();
        assertThat(list().status()).isEqualTo(200);
    }

    @Test
    void aMisspeltOperationIsRefused() {
        assertThatThrownBy(() -> simulator.faults().on("listDevices"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listTailnetDevices");
        assertThatThrownBy(() -> simulator.ledger().count("listDevices")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> simulator.faults().on()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> simulator.faults().onAll().times(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pagesInsteadOfJson() throws Exception {
        simulator.faults().onAll().once().html();
        simulator.faults().onAll().once().badGatewayPage();
        simulator.faults().onAll().once().status(418, "short and stout", "text/plain");
        var portal = list();
        assertThat(portal.status()).isEqualTo(200);
        assertThat(portal.header("content-type")).startsWith("text/html");
        assertThat(list().body()).contains("502 Bad Gateway");
        assertThat(list().body()).isEqualTo("short and stout");
    }

    @Test
    void listsThatLie() throws Exception {
        simulator.faults().onAll().once().emptyList();
        simulator.faults().onAll().once().halfList();
        simulator.faults().onAll().once().rewrite(body -> body.replace("machine-1", "machine-x"));
        assertThat(list().body()).isEqualTo("{\"devices\":[]}");
        assertThat(list().json().path("devices")).hasSize(2);
        assertThat(list().body()).contains("machine-x");
        assertThat(list().json().path("devices")).hasSize(4);
    }

    @Test
    void tooManyRequests() throws Exception {
        simulator.faults().onAll().once().rateLimited();
        simulator.faults().onAll().once().rateLimited(Duration.ofSeconds(7));
        simulator.faults().onAll().once().rateLimitedUntil(Instant.parse("2026-06-01T09:08:07Z"));
        var bare = list();
        assertThat(bare.status()).isEqualTo(429);
        assertThat(bare.message()).isEqualTo("too many requests");
        assertThat(bare.response().headers().firstValue("retry-after")).isEmpty();
        assertThat(list().header("retry-after")).isEqualTo("7");
        assertThat(list().header("retry-after")).isEqualTo("Mon, 01 Jun 2026 09:08:07 GMT");
    }

    @Test
    void aRefusalForMoneyIsAForbidden() throws Exception {
        simulator.faults().onAll().once().notOnThisPlan();
        simulator.faults().onAll().once().status(402);
        simulator.faults().onAll().once().status(403);
        var refusal = list();
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.message()).isEqualTo("feature not available on current billing plan");
        assertThat(list().status()).isEqualTo(402);
        assertThat(list().message()).contains("does not have enough permissions");
    }

    @Test
    void everyAnswerThatComesHasARequestIdBrokenOnesToo() throws Exception {
        simulator.faults().onAll().once().status(500);
        simulator.faults().onAll().once().html();
        simulator.faults().onAll().once().rateLimited();
        simulator.faults().onAll().once().halfList();
        for (int i = 0; i < 5; i++) {
            assertThat(list().header("x-tailscale-request-id")).startsWith("REQ-");
        }
    }

    @Test
    void aDelayIsADelay() throws Exception {
        simulator.faults().onAll().once().delay(Duration.ofMillis(200));
        simulator.faults().onAll().once().delayedBy(Duration.ofMillis(200)).status(503);
        var before = System.nanoTime();
        assertThat(list().status()).isEqualTo(200);
        assertThat(list().status()).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(390));
    }

    @Test
    void aHangHangsWhileOthersAreServed() throws Exception {
        simulator.faults().on("setDeviceName").once().hang();
        try (var socket = open("POST /api/v2/device/" + id + "/name", "{\"name\":\"renamed\"}")) {
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(list().status()).isEqualTo(200);
            assertThat(nameNow()).isEqualTo("machine-1");
            simulator.stop();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(simulator.ledger().calls().getFirst().status()).isZero();
    }

    @Test
    void aClientThatIsTiredOfWaitingGivesUp() {
        simulator.faults().onAll().once().hang();
        assertThatThrownBy(() -> api.send(api.request(LIST).timeout(Duration.ofMillis(200))))
                .isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void aTruncatedBodyIsShorterThanPromised() throws Exception {
        simulator.faults().onAll().once().truncated();
        try (var socket = open("GET /api/v2" + LIST, "")) {
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var promised = Integer.parseInt(answer.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(body).startsWith("{\"devices\":[");
            assertThat(body.length()).isEqualTo(promised / 2);
        }
        simulator.faults().onAll().untilCleared().truncated();
        assertThatThrownBy(this::list).isInstanceOf(IOException.class);
        assertThatThrownBy(this::rename).isInstanceOf(IOException.class);
    }

    @Test
    void aTruncatedChunkedBodyHasNoEnd() throws Exception {
        simulator.faults().onAll().once().truncatedChunked();
        try (var socket = open("GET /api/v2" + LIST, "")) {
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .containsIgnoringCase("transfer-encoding: chunked")
                    .contains("{\"devices\":[");
            assertThat(answer).doesNotContain("\r\n0\r\n");
        }
    }

    @Test
    void aCutIsTheOrderlyEndOfTheConnectionAndAResetIsNot() throws Exception {
        simulator.faults().onAll().once().cut();
        simulator.faults().onAll().once().reset();
        try (var socket = open("GET /api/v2" + LIST, "")) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        try (var socket = open("GET /api/v2" + LIST, "")) {
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(simulator.ledger().calls()).extracting(SimCall::status).containsExactly(0, 0);
    }

    @Test
    void aWriteThatFailsAfterItWasDone() throws Exception {
        simulator.faults().on("setDeviceName").once().actThenStatus(500);
        assertThat(rename().status()).isEqualTo(500);
        assertThat(nameNow()).isEqualTo("renamed");
    }

    @Test
    void aWriteThatIsDoneAndNeverConfirmed() throws Exception {
        simulator.faults().on("setDeviceName").once().actThenCut();
        try (var socket = open("POST /api/v2/device/" + id + "/name", "{\"name\":\"renamed\"}")) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(nameNow()).isEqualTo("renamed");
        simulator.faults().on("setDeviceName").once().actThenHang();
        try (var socket = open("POST /api/v2/device/" + id + "/name", "{\"name\":\"again\"}")) {
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
        await().untilAsserted(() -> assertThat(nameNow()).isEqualTo("again"));
    }

    @Test
    void aWriteThatFailsBeforeItIsDone() throws Exception {
        simulator.faults().on("setDeviceName").once().status(500);
        assertThat(rename().status()).isEqualTo(500);
        assertThat(nameNow()).isEqualTo("machine-1");
    }

    @Test
    void tokensExpireAllAtOnceAndCanBeRenewed() throws Exception {
        simulator.addOAuthClient("c", "s", "all");
        var form = Map.of("client_id", "c", "client_secret", "s");
        try (var client =
                new Api(simulator, api.token(form).json().path("access_token").asText())) {
            assertThat(client.get(LIST).status()).isEqualTo(200);
            simulator.faults().expireTokens();
            assertThat(client.get(LIST).message()).isEqualTo("API token invalid");
        }
        assertThat(list().status()).as("API keys are no tokens").isEqualTo(200);
        try (var renewed =
                new Api(simulator, api.token(form).json().path("access_token").asText())) {
            assertThat(renewed.get(LIST).status()).isEqualTo(200);
        }
    }

    /** A bare connection: what comes over it is what was sent, whatever a client library would make of it. */
    private Socket open(String requestLine, String body) throws IOException {
        var port = URI.create(simulator.url()).getPort();
        var socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(5000);
        var request = requestLine + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer key\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return socket;
    }
}
