package com.xonetwork.tailnet.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.CallShares;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.connector.HttpControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import io.vertx.core.Vertx;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Control planes that answer with as much as they may, to a poller in a process that has the heap of the chart's default. */
@Timeout(120)
class ListHeapTest {

    private static final int BYTES = 16_000_000;
    private static final int DEVICES = 28_000;

    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", ListHeapTest::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            if (path.endsWith("/settings")) {
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write(new byte[] {'{', '}'});
                return;
            }
            if (!path.endsWith("/devices") && (!path.endsWith("/acl") || path.startsWith("/many"))) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            exchange.sendResponseHeaders(200, 0);
            var body = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16);
            if (path.endsWith("/acl")) {
                repeat(body, "{\"acls\":[", "{},", 3_900_000, "{}]}");
            } else {
                write(body, path.split("/", -1)[1]);
            }
            body.flush();
        }
    }

    private static void write(OutputStream body, String kind) throws IOException {
        switch (kind) {
            case "many" -> {
                text(body, "{\"devices\":[");
                for (var i = 0; i < DEVICES; i++) {
                    text(body, (i == 0 ? "" : ",") + device(i));
                }
                text(body, "]}");
            }
            case "tags" -> repeat(body, "{\"devices\":[{\"id\":\"1\",\"tags\":[", "\"a\",", BYTES, "\"b\"]}]}");
            case "text" -> repeat(body, "{\"devices\":[{\"id\":\"1\",\"name\":\"", "a", BYTES, "\"}]}");
            case "names" -> {
                text(body, "{\"devices\":[{\"id\":\"1\"");
                for (var i = 0; i < BYTES / 12; i++) {
                    text(body, ",\"n" + i + "\":0");
                }
                text(body, "}]}");
            }
            case "nulls" -> repeat(body, "{\"devices\":[{\"id\":\"1\"},{\"id\":\"", "\\u0000", BYTES, "\"}]}");
            case "deep" -> repeat(body, "{\"devices\":[{\"id\":\"1\",\"x\":", "[", BYTES, "]}]}");
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private static String device(int i) {
        return """
                {"id":"%d","nodeId":"n%d","name":"web-%d.tail1234.ts.net","hostname":"web-%d","addresses":["100.64.%d.%d",\
                "fd7a:115c:a1e0::%x"],"os":"linux","tags":["tag:web","tag:prod"],"user":"tagged-devices","authorized":true,\
                "connectedToControl":true,"keyExpiryDisabled":true,"expires":"2027-01-01T00:00:00Z","lastSeen":"2026-11-30T00:00:00Z",\
                "created":"2026-01-01T00:00:00Z","clientVersion":"1.90.1","updateAvailable":false,"machineKey":"mkey:%064d",\
                "nodeKey":"nodekey:%064d"}""".formatted(i, i, i, i, i / 256 % 256, i % 256, i, i, i);
    }

    private static void repeat(OutputStream body, String head, String part, int bytes, String tail) throws IOException {
        text(body, head);
        var some = part.repeat(1_000);
        for (var sent = 0; sent < bytes; sent += some.length()) {
            text(body, some);
        }
        text(body, tail);
    }

    private static void text(OutputStream body, String text) throws IOException {
        body.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Some fit, the others are refused and say so, and the process lives. */
    @Test
    void sixTailnetsWithLargeListsDoNotEndTheProcess() throws Exception {
        assertThat(inAProcess(Collections.nCopies(6, "many")))
                .contains("alive")
                .contains("28000 devices")
                .contains("TooLarge");
    }

    /** What an entry can become before it is whole counts, whatever it is made of; so does a policy file. */
    @Test
    void noShapeOfAnAnswerEndsTheProcess() throws Exception {
        var kinds = Stream.of("tags", "text", "names", "nulls", "deep")
                .flatMap(kind -> Stream.of(kind, kind))
                .toList();
        assertThat(inAProcess(kinds)).contains("alive").doesNotContain("devices,");
    }

    private String inAProcess(List<String> kinds) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                classPath(),
                Start.class.getName(),
                "http://127.0.0.1:" + server.getAddress().getPort() + "/"));
        command.addAll(kinds);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return told;
    }

    /** As this process has it, whoever loads its classes. */
    private static String classPath() {
        return ListHeapTest.class.getClassLoader() instanceof URLClassLoader urls
                ? Arrays.stream(urls.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    /** The poller and its connections as the operator has them. */
    static final class Start {
        private Start() {}

        public static void main(String[] args) throws InterruptedException {
            var vertx = Vertx.vertx();
            var rules = ConnectionRules.defaults().withPlainHttpHosts(Set.of("127.0.0.1"));
            var store = new SnapshotStore(Clock.systemUTC(), 3);
            var poller = new SnapshotPoller(
                    new HttpControlPlaneConnector(vertx, rules, Clock.systemUTC(), CallObserver.NONE),
                    store,
                    Clock.systemUTC(),
                    CallShares.defaults(),
                    MemoryBudget.ofHeap(Runtime.getRuntime().maxMemory()),
                    100_000);
            var heard = new TreeMap<String, String>();
            for (var i = 1; i < args.length; i++) {
                poller.watch(
                        new TailnetKey("ns-" + i, "home"),
                        Settings.tailscale(URI.create(args[0] + args[i])),
                        new SnapshotPoller.Plan(
                                Duration.ofSeconds(1),
                                Duration.ofHours(1),
                                Map.of(DocumentKind.POLICY, Duration.ofSeconds(1)),
                                null));
            }
            // Of many that arrive together each may be refused at first, and on a busy machine for another reason: a
            // control plane that answers in parts. The waits between polls differ, and one fits then.
            var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
            while (System.nanoTime() < until
                    && (heard.size() < args.length - 1
                            || (args[1].equals("many")
                                    && !(isHeard(heard, "devices,") && isHeard(heard, "TooLarge"))))) {
                TimeUnit.MILLISECONDS.sleep(50);
                for (var i = 1; i < args.length; i++) {
                    var view = store.view(new TailnetKey("ns-" + i, "home"));
                    var devices = view.devices();
                    var trouble = view.trouble();
                    if (devices != null || trouble != null) {
                        heard.put(
                                args[i] + i,
                                devices != null
                                        ? devices.size() + " devices,"
                                        : trouble.getClass().getSimpleName() + ": " + trouble.getMessage());
                    }
                }
            }
            heard.forEach((tailnet, what) -> System.out.println(tailnet + ": " + what));
            // Further polls, beside the lists that are kept.
            TimeUnit.SECONDS.sleep(2);
            System.gc();
            var memory = Runtime.getRuntime();
            System.out.println("alive, with " + (memory.totalMemory() - memory.freeMemory()) / 1_000_000 + " MB");
            memory.halt(0);
        }

        private static boolean isHeard(Map<String, String> heard, String words) {
            return heard.values().stream().anyMatch(what -> what.contains(words));
        }
    }
}
