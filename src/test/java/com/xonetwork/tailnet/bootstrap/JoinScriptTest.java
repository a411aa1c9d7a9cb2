package com.xonetwork.tailnet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** What tailscaled says at each look, the last of it for ever; "gone" when it does not answer. */
    private static final String LOG_IN_ALONE = """
            import importlib.util, sys
            sys.argv[1:], (script, *said) = ["none"], sys.argv[1:]
            spec = importlib.util.spec_from_file_location("join", script)
            join = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(join)
            join.LOGIN_SECONDS = 2
            def local(method, what, body=None):
                if what == "start":
                    print("start with the key" if "AuthKey" in body else "start as it was")
                if not what.startswith("status"):
                    return {}
                state = said.pop(0) if len(said) > 1 else said[0]
                if state == "gone":
                    raise OSError("it does not answer")
                return {"BackendState": state}
            join.local = local
            join.log_in("k", {"ShieldsUp": True}, {"WantRunning": True})
            print("logged in")
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

    /** A login that came through is not undone, or the key would be lost and the device be there without its machine. */
    @ParameterizedTest
    @CsvSource({
        "Running, start with the key;logged in",
        "NeedsLogin Running, start with the key;logged in",
        "NeedsMachineAuth, start with the key;logged in",
        "Starting, start with the key;logged in",
        "NeedsLogin Starting, start with the key;logged in",
        "NeedsLogin gone NoState Starting, start with the key;logged in",
        "NeedsLogin gone NeedsLogin Running, start with the key;start with the key;logged in",
        "NeedsLogin, start with the key;start as it was",
        "gone, start with the key;start with the key;start as it was"
    })
    void whatALoginComesTo(String said, String done) throws IOException, InterruptedException {
        var python = files.resolve("login.py");
        Files.writeString(python, LOG_IN_ALONE);
        var command = new ArrayList<>(List.of("python3", python.toString(), SCRIPT.toString()));
        command.addAll(List.of(said.split(" ")));
        var output = files.resolve("output");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var lines = Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("start") || line.equals("logged in"))
                .toList();
        assertThat(String.join(";", lines)).isEqualTo(done);
        assertThat(process.exitValue() == 0).isEqualTo(done.endsWith("logged in"));
    }
}
