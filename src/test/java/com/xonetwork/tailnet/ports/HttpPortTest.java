package com.xonetwork.tailnet.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.ports.HttpPort.CannotListenException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpPortTest {

    private static final String HOST = "127.0.0.1";
    private static final Vertx VERTX = Vertx.vertx();

    private final HttpPort port = new HttpPort(
            VERTX,
            "guests",
            new HttpServerOptions().setIdleTimeout(60),
            server -> server.requestHandler(
                    request -> request.response().setStatusCode(204).end()));

    @AfterEach
    void close() {
        port.close();
    }

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    private static String ask(int number, String request) throws IOException {
        try (var socket = new Socket(HOST, number)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }

    private static String ask(int number) throws IOException {
        return ask(number, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void listensWhenItIsOpenAndOnlyThen() throws Exception {
        assertThat(port.port()).isZero();
        assertThat(port.open(HOST, 0)).isTrue();
        var number = port.port();
        assertThat(ask(number)).isEqualTo("HTTP/1.1 204");

        assertThat(port.open(HOST, 0)).isFalse();
        assertThat(port.port()).isEqualTo(number);

        port.close();
        port.close();
        assertThat(port.port()).isZero();
        assertThatThrownBy(() -> ask(number)).isInstanceOf(IOException.class);
    }

    /** A standby's port becomes the leader's in the same process. The system may take a moment longer. */
    @Test
    void canBeOpenedAgainAfterItWasClosed() throws Exception {
        port.open(HOST, 0);
        var number = port.port();
        try (var idle = new Socket(HOST, number)) {
            port.close();
            assertThat(isEnded(idle)).isTrue();
        }
        openSoon(number);
        assertThat(ask(number)).isEqualTo("HTTP/1.1 204");
    }

    /** One that the server had not accepted yet is reset. */
    private static boolean isEnded(Socket connection) throws IOException {
        connection.setSoTimeout(20_000);
        try {
            return connection.getInputStream().read() == -1;
        } catch (SocketException e) {
            return true;
        }
    }

    private void openSoon(int number) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(CannotListenException.class)
                .until(() -> port.open(HOST, number));
    }

    @Test
    void aPortThatIsTakenIsNamedAndCanBeTriedAgain() throws Exception {
        int number;
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            number = taken.getLocalPort();
            assertThatThrownBy(() -> port.open(HOST, number))
                    .isInstanceOf(CannotListenException.class)
                    .hasMessage(
                            "the operator cannot listen for guests on " + HOST + " port " + number + " (is it in use?)")
                    .hasCauseInstanceOf(IOException.class);
            assertThat(port.port()).isZero();
        }
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> port.open(HOST, number));
        assertThat(ask(number)).isEqualTo("HTTP/1.1 204");
    }

    @Test
    void whoIsInterruptedHasNoPort() {
        var busy = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        var freed = new CompletableFuture<Boolean>();
        try {
            busy.runOnContext(_ -> freed.join());
            var slow = new HttpPort(busy, "guests", new HttpServerOptions(), server -> server.requestHandler(_ -> {}));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> slow.open(HOST, 0))
                    .isInstanceOf(CannotListenException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(slow.port()).isZero();
        } finally {
            freed.complete(true);
            busy.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void headsAreBoundedAndTheIdleAreSentAway() throws Exception {
        port.open(HOST, 0);
        var line = "X-Long: " + "x".repeat(9_000) + "\r\n";
        assertThat(ask(port.port(), "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n"))
                .isEqualTo("HTTP/1.1 431");

        port.close();
        var impatient = new HttpPort(
                VERTX,
                "guests",
                new HttpServerOptions().setIdleTimeout(1),
                server -> server.requestHandler(request -> request.response().end()));
        impatient.open(HOST, 0);
        try (var silent = new Socket(HOST, impatient.port())) {
            silent.setSoTimeout(20_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        } finally {
            impatient.close();
        }
    }
}
