package com.xonetwork.tailnet.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.simulator.ManualClock;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerEndpointTest {

    private static final String UID = "0b1c2d3e-0000-4000-8000-000000000001";
    private static final AttemptKey RUN = new AttemptKey("net", UID, 1);

    @TempDir
    private Path directory;

    private final AtomicInteger asked = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RunEventStore store;
    private RunnerEndpoint endpoint;

    @BeforeEach
    void open() {
        store = new RunEventStore(
                directory,
                new RunEventStore.Limits(50, 4_000, 60_000, Duration.ofDays(7)),
                new ManualClock(Instant.parse("2026-11-24T10:00:00Z")));
        endpoint = new RunnerEndpoint(
                vertx,
                attempt -> {
                    asked.incrementAndGet();
                    return attempt.equals(RUN)
                            ? Optional.of(new RunTokens.Attempt("secret", Set.of("web-1")))
                            : Optional.empty();
                },
                store);
        endpoint.open("127.0.0.1", 0, request -> false);
    }

    @AfterEach
    void close() {
        endpoint.close();
        store.close();
        vertx.close();
        http.close();
    }

    private HttpRequest.Builder request(String uid) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port()
                + "/runner/v1/namespaces/net/runs/" + uid + "/attempts/1/events"));
    }

    private HttpResponse<String> post(String uid, String token, String body) throws IOException, InterruptedException {
        return http.send(
                request(uid)
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void onlyTheAttemptsTokenOpensItsEvents() throws IOException, InterruptedException {
        var batch = "{\"events\":[{\"counter\":1,\"type\":\"host_ok\",\"host\":\"web-1\"},"
                + "{\"counter\":2,\"type\":\"host_ok\",\"host\":\"db-1\"}],\"later\":1}";
        assertThat(post(UID, "secret", batch).body()).isEqualTo("{\"acknowledged\":2}");
        assertThat(store.progress(RUN).hosts()).containsOnlyKeys("web-1");
        assertThat(post(UID, "other", batch).statusCode()).isEqualTo(401);
        var unknown = post("0b1c2d3e-0000-4000-8000-000000000002", "secret", batch);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.headers().firstValue("Retry-After"))
                .as("it may be known soon")
                .contains("2");
    }

    @Test
    void aRunnerIsToldThatNothingMoreIsKept() throws IOException, InterruptedException {
        var body = new StringBuilder("{\"events\":[");
        for (var i = 1; i <= 200; i++) {
            body.append(i == 1 ? "" : ",")
                    .append("{\"counter\":")
                    .append(i)
                    .append(",\"type\":\"output\",\"text\":\"much text\"}");
        }
        assertThat(post(UID, "secret", body + "]}").body()).isEqualTo("{\"acknowledged\":200,\"full\":true}");
    }

    @Test
    void whatIsNoBatchIsRefused() throws IOException, InterruptedException {
        for (var body : List.of(
                "",
                "[]",
                "{}",
                "{\"events\":1}",
                "{\"events\":[null]}",
                "{\"events\":[{\"counter\":1}]}",
                "{\"events\":[{\"counter\":1,\"type\":\"run_finished\",\"data\":" + "[".repeat(1_000)
                        + "]".repeat(1_000) + "}]}",
                "{\"events\":[{\"counter\":1,\"type\":\"run_finished\",\"data\":[" + "{},".repeat(300_000) + "1]}]}")) {
            assertThat(post(UID, "secret", body).statusCode()).isEqualTo(400);
        }
        assertThat(post(UID, "secret", "x".repeat(RunnerEndpoint.MOST_BYTES + 1))
                        .statusCode())
                .isEqualTo(413);
        var unannounced = http.send(
                request(UID)
                        .header("Authorization", "Bearer secret")
                        .POST(HttpRequest.BodyPublishers.fromPublisher(
                                HttpRequest.BodyPublishers.ofByteArray(new byte[RunnerEndpoint.MOST_BYTES + 1])))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(unannounced.statusCode()).isEqualTo(413);
        assertThat(post(UID, "secret", "{\"events\":[]}").statusCode()).isEqualTo(200);
    }

    /** One that does not end keeps no other attempt's place, and none of its own for ever. */
    @Test
    void aBodyThatDoesNotComeEndsByItself() throws IOException, InterruptedException {
        try (var slow = connection()) {
            slow.getOutputStream()
                    .write(("POST /runner/v1/namespaces/net/runs/" + UID
                                    + "/attempts/1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
                                    + "Content-Length: 1000\r\n\r\n{")
                            .getBytes(UTF_8));
            await().until(() -> post(UID, "secret", "{\"events\":[]}").statusCode() == 503);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> post(UID, "secret", "{\"events\":[]}").statusCode() == 200);
            assertThat(new String(slow.getInputStream().readNBytes(12), UTF_8)).isEqualTo("HTTP/1.1 408");
        }
    }

    /** Strangers' connections make room for others, and a runner that has shown its token keeps its own. */
    @Test
    void strangersAreFewAndARunnerGetsIn() throws IOException, InterruptedException {
        var strangers = new ArrayList<Socket>();
        try (var runner = connection()) {
            var event = "POST /runner/v1/namespaces/net/runs/" + UID + "/attempts/1/events HTTP/1.1\r\nHost: x\r\n"
                    + "Authorization: Bearer secret\r\nContent-Length: 13\r\n\r\n{\"events\":[]}";
            runner.getOutputStream().write(event.getBytes(UTF_8));
            assertThat(new String(runner.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 200");
            for (var i = 0; i < RunnerConnections.MOST + 200; i++) {
                var stranger = connection();
                strangers.add(stranger);
                stranger.getOutputStream().write("POST /runner/v1/nam".getBytes(UTF_8));
            }
            await().untilAsserted(() -> assertThat(endpoint.connections()).isLessThanOrEqualTo(RunnerConnections.MOST));
            assertThat(post(UID, "secret", "{\"events\":[]}").statusCode()).isEqualTo(200);
            runner.getOutputStream().write(event.getBytes(UTF_8));
            runner.getInputStream().skipNBytes(runner.getInputStream().available());
            assertThat(runner.isClosed()).isFalse();
        } finally {
            for (var stranger : strangers) {
                stranger.close();
            }
        }
    }

    private Socket connection() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
    }
}
