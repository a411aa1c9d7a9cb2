package com.xonetwork.tailnet.ports;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ports of the running operator that Quarkus serves: the API's, and the one of health and metrics. */
@RunningOperator
class HeadDeadlineIT {

    private static final int MANY = 600;
    /** Sooner than half a head is ended, which would let others in again. */
    private static final Duration PROMPTLY = Duration.ofSeconds(8);

    @Test
    void halfHeadsKeepNobodyOutAndEnd(Scene scene) throws Exception {
        var process = scene.operator().process();
        var sockets = new ArrayList<Socket>();
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PROMPTLY)
                .build()) {
            for (var port : List.of(process.api(), process.uri())) {
                for (var i = 0; i < MANY; i++) {
                    sockets.add(half(port));
                }
            }
            var drips = List.of(half(process.api()), half(process.uri()));
            for (var second = 0; second < 25; second++) {
                for (var drip : drips) {
                    drip(drip);
                }
                if (second % 5 == 0) {
                    assertThat(status(client, process.api().resolve("/api/runs")))
                            .isEqualTo(401);
                    assertThat(status(client, process.uri().resolve("/q/health/live")))
                            .isEqualTo(200);
                }
                TimeUnit.SECONDS.sleep(1);
            }
            sockets.addAll(drips);
            scene.soon().untilAsserted(() -> assertThat(sockets).allMatch(HeadDeadlineIT::isClosed));
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    private static Socket half(URI port) throws IOException {
        var socket = new Socket("127.0.0.1", port.getPort());
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\nX: ".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void drip(Socket socket) {
        try {
            socket.getOutputStream().write('x');
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static int status(HttpClient client, URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).timeout(PROMPTLY).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(100);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
