package com.xonetwork.tailnet.tenancy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.scene.OperatorUnderTest;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.service.ApiUser;
import com.xonetwork.tailnet.tenancy.HostileAct.Torment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** What can be sent to the operator's ports. */
final class HostileCalls {

    private static final int MEGABYTE = 1_000_000;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private HostileCalls() {}

    private static String run(Scene hostile, ApiUser user) {
        hostile.node("m1", "hostname: m1");
        hostile.pingTemplate("ping");
        var accepted = user.execute(Map.of(
                "namespace",
                hostile.cluster().namespace(),
                "template",
                "ping",
                "targets",
                Map.of("nodes", List.of(Map.of("name", "m1", "address", "192.0.2.9")))));
        assertThat(accepted.status()).isEqualTo(202);
        return accepted.text("eventsUrl");
    }

    static Torment largeEvents(Scene hostile) {
        var user = ApiUser.allowed(hostile, "deployer", "create, get, list");
        var name = run(hostile, user).replaceAll(".*/runs/[^.]+\\.([^/]+)/.*", "$1");
        var pod = PlayedPod.of(hostile, name, 1);
        var token = pod.file("token");
        return Flood.of(
                2,
                number -> pod.post(token, """
                {"events": [{"counter": %d, "time": "2026-01-01T00:00:00Z", "type": "%s", "host": "%06d%s", "data": {"x": "%s"}}]}
                """.formatted(
                                number + 1,
                                number % 2 == 0 ? "host_ok" : "run_finished",
                                number,
                                "h".repeat(MEGABYTE / 2),
                                "f".repeat(MEGABYTE / 3))));
    }

    static Torment streams(Scene hostile) {
        var user = ApiUser.allowed(hostile, "deployer", "create, get, list");
        var url = run(hostile, user);
        Queue<Stream<String>> open = new ConcurrentLinkedQueue<>();
        var flood = Flood.of(4, _ -> {
            var stream = user.open(url);
            if (stream.statusCode() == 200) {
                open.add(stream.body());
            } else {
                stream.body().close();
            }
        });
        assertThat(open).isNotEmpty();
        return () -> {
            flood.close();
            open.forEach(Stream::close);
        };
    }

    static Torment junkTokens(Scene hostile, Neighbour neighbour) {
        var path = "/api/runs?namespace=" + neighbour.scene().cluster().namespace();
        var statuses = new ConcurrentLinkedQueue<Integer>();
        var flood = Flood.of(
                6,
                number -> statuses.add(ApiUser.withToken(
                                hostile,
                                "junk-%d-%s"
                                        .formatted(
                                                number, Thread.currentThread().threadId()))
                        .get(path)
                        .status()));
        return () -> {
            flood.close();
            assertThat(statuses).doesNotContain(200);
        };
    }

    static Torment junkReports() {
        var statuses = new ConcurrentLinkedQueue<Integer>();
        var flood = Flood.of(
                6,
                number -> statuses.add(HTTP.send(
                                HttpRequest.newBuilder(URI.create(
                                                "%s/runner/v1/namespaces/n%d/runs/00000000-0000-0000-0000-%012d/attempts/1/events"
                                                        .formatted(OperatorUnderTest.runnerUrl(), number, number)))
                                        .header("Authorization", "Bearer junk")
                                        .POST(BodyPublishers.ofString("{\"events\": []}"))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode()));
        return () -> {
            flood.close();
            assertThat(statuses).doesNotContain(200);
        };
    }

    /** From an address of its own: whoever sits behind the same address as such a stranger shares its connections. */
    static Torment slowHeads(Scene hostile) {
        var process = hostile.operator().process();
        var ports = List.of(process.api(), process.uri(), URI.create(OperatorUnderTest.runnerUrl()));
        var head = ("GET /api/runs HTTP/1.1\r\nHost: x\r\nX-Filler: " + "y".repeat(6_000)).getBytes(US_ASCII);
        Queue<Socket> open = new ConcurrentLinkedQueue<>();
        var flood = Flood.of(4, number -> {
            if (open.size() < 4_000) {
                var port = ports.get(number % ports.size());
                var socket = new Socket();
                open.add(socket);
                socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.9"), 0));
                socket.connect(new InetSocketAddress(port.getHost(), port.getPort()), 1_000);
                socket.getOutputStream().write(head);
            }
        });
        return () -> {
            flood.close();
            open.forEach(HostileCalls::close);
        };
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
