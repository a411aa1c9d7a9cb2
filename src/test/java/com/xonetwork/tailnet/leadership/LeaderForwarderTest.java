package com.xonetwork.tailnet.leadership;

import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.testing.FreePort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A standby's port, while nobody leads. */
@Timeout(60)
class LeaderForwarderTest {

    private final Vertx vertx = Vertx.vertx();
    private final int port = FreePort.find();
    private final Leadership standby = new Leadership(System::nanoTime, Clock.systemUTC(), Duration.ofSeconds(10));
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Connections that have ended take no place, those that were refused least of all. */
    @Test
    void manyConnectionsAreRefusedAndTheirPlacesComeBack() throws IOException {
        try (var forwarder = new LeaderForwarder(vertx, standby, Optional.empty(), Clock.systemUTC())) {
            forwarder.open("127.0.0.1", port);
            for (var round = 0; round < 3; round++) {
                for (var i = 0; i < 600; i++) {
                    sockets.add(new Socket("127.0.0.1", port));
                }
                for (var socket : sockets) {
                    socket.close();
                }
                sockets.clear();
            }
            await().ignoreExceptions().until(() -> answer().startsWith("HTTP/1.1 503"));
        }
    }

    private String answer() throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }
}
