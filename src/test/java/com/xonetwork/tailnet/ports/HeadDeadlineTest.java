package com.xonetwork.tailnet.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Raw sockets, and whole, half and slow heads over them. */
@Timeout(60)
class HeadDeadlineTest {

    private static final String GOOD = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final AwaitedHeads heads = new AwaitedHeads();
    private final List<Socket> sockets = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void listen() throws Exception {
        server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .connectionHandler(connection ->
                        ((ConnectionBase) connection).channel().pipeline().addFirst(new HeadDeadline(heads)))
                .requestHandler(request -> {
                    HeadDeadline.began(request)
                            .ifPresent(deadline -> request.response().endHandler(unused -> deadline.ended()));
                    if (request.path().equals("/stream")) {
                        request.response().setChunked(true);
                        vertx.setPeriodic(1_000, tick -> request.response().write("tick\n"));
                    } else {
                        request.response().end("fine");
                    }
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        for (var socket : sockets) {
            socket.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Socket open(String first) throws IOException {
        var socket = new Socket(InetAddress.getByName("127.0.0.1"), server.actualPort());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        send(socket, first);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String answer(Socket socket) throws IOException {
        var said = new StringBuilder();
        while (!said.toString().endsWith("fine")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            said.append((char) next);
        }
        return said.toString();
    }

    /** Sends a byte each half second, until the other side has closed. @return after how long that was seen */
    private static Duration drip(Socket socket) throws InterruptedException {
        var begun = System.nanoTime();
        try {
            while (Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 30) {
                send(socket, "x");
                TimeUnit.MILLISECONDS.sleep(500);
            }
        } catch (IOException e) {
            // closed
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void halfHeadsAndDripsEndAndStreamsAndGoodRequestsDoNot() throws Exception {
        var silent = open("");
        var half = open("GET / HTTP/1.1\r\nHost: a\r\nX: ");
        var stream = open("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
        var reused = open(GOOD);
        assertThat(answer(reused)).contains("200 OK");
        var body = open("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
        assertThat(answer(body)).contains("200 OK");
        var dripAfterAnswer = open(GOOD);
        assertThat(answer(dripAfterAnswer)).contains("200 OK");
        send(dripAfterAnswer, "GET / HTTP/1.1\r\nX: ");
        await().untilAsserted(() -> assertThat(heads.size(server.actualPort())).isEqualTo(3));

        var dripped = open("GET / HTTP/1.1\r\nX: ");
        assertThat(drip(dripped)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(25));

        assertThat(silent.getInputStream().read()).isEqualTo(-1);
        assertThat(half.getInputStream().read()).isEqualTo(-1);
        assertThat(dripAfterAnswer.getInputStream().read()).isEqualTo(-1);
        send(reused, GOOD);
        assertThat(answer(reused))
                .as("a connection that waited between two requests")
                .contains("200 OK");
        stream.getInputStream().skipNBytes(stream.getInputStream().available());
        assertThat(stream.getInputStream().read())
                .as("an answer takes as long as it likes")
                .isPositive();
        await().until(() -> heads.size(server.actualPort()) == 0);
    }

    @Test
    void whateverIsHeldOpenTheNextRequestIsAnswered() throws Exception {
        for (var i = 0; i < 3 * AwaitedHeads.MOST; i++) {
            open("GET / HTTP/1.1\r\nHost: a\r\nX: ");
        }
        assertThat(answer(open(GOOD))).contains("200 OK");
        assertThat(heads.size(server.actualPort())).isLessThanOrEqualTo(AwaitedHeads.MOST);
        await().untilAsserted(() -> assertThat(sockets.stream().filter(HeadDeadlineTest::isClosed))
                .hasSizeGreaterThan(2 * AwaitedHeads.MOST - 2));
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
