package com.xonetwork.tailnet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The part of a machine's first boot that shows its token, run as the machine runs it. */
class JoinScriptTest {

    private static final Path SCRIPT = Path.of("src/main/resources/com/xonetwork/tailnet/bootstrap/join.py");
    /** The key goes from memory to tailscaled: here it goes to a file. */
    private static final String FETCH_ALONE = """
            import importlib.util, sys
            sys.argv[1:], (script, url, token, key) = ["none"], sys.argv[1:]
            spec = importlib.util.spec_from_file_location("join", script)
            join = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(join)
            got = join.fetch(url, token)
            open(key, "w").write(got)
            """;

    private static final String TOKEN = "canary-token-of-the-machine";
    private static final int REDIRECT = 302;

    @TempDir
    private Path files;

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            seen.add(exchange.getRequestMethod() + " " + path + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            var isRedirect = path.equals("/redirects");
            if (isRedirect) {
                exchange.getResponseHeaders().add("Location", url("/elsewhere"));
            }
            var body = (isRedirect ? "" : "tskey-auth-k").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isRedirect ? REDIRECT : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** @return the exit status */
    private int fetch(String path) throws IOException, InterruptedException {
        var python = files.resolve("fetch.py");
        Files.writeString(python, FETCH_ALONE);
        Files.writeString(files.resolve("token"), TOKEN + "\n");
        var process = new ProcessBuilder(
                        "python3",
                        python.toString(),
                        SCRIPT.toString(),
                        url(path),
                        files.resolve("token").toString(),
                        files.resolve("key").toString())
                .redirectErrorStream(true)
                .redirectOutput(files.resolve("output").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void theKeyIsFetchedWithTheToken() throws IOException, InterruptedException {
        assertThat(fetch("/bootstrap")).isZero();
        assertThat(files.resolve("key")).hasContent("tskey-auth-k");
        assertThat(seen).containsExactly("POST /bootstrap Bearer " + TOKEN);
    }

    @Test
    void theTokenIsHandedOnToNobody() throws IOException, InterruptedException {
        assertThat(fetch("/redirects")).isNotZero();
        assertThat(seen).containsExactly("POST /redirects Bearer " + TOKEN);
        assertThat(files.resolve("key")).doesNotExist();
        assertThat(files.resolve("output")).content().contains("302").doesNotContain(TOKEN);
    }
}
