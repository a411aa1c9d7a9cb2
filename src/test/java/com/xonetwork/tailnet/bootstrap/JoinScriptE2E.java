package com.xonetwork.tailnet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import com.xonetwork.tailnet.scene.FrontProxy;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script of a machine's first boot, whole, on real tailscaleds that somebody has set up with care before: what the node does not
 * name stays as it was. What installs and starts services is played.
 */
@RealTailnet
class JoinScriptE2E {

    private static final Path FILES = Path.of("src/main/resources/com/xonetwork/tailnet/bootstrap");
    /** The login itself, and tailscaled's own books. */
    private static final List<String> OF_THE_LOGIN =
            List.of("ControlURL", "WantRunning", "LoggedOut", "Config", "InternalExitNodePrior");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final AtomicInteger fetched = new AtomicInteger();
    private volatile String key = "";
    private HttpServer operator;

    @BeforeEach
    void listen() throws IOException {
        operator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        operator.createContext("/", exchange -> {
            fetched.incrementAndGet();
            var body = key.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        operator.start();
    }

    @AfterEach
    void stop() {
        operator.stop(0);
    }

    /** How the script ended, and what it said. */
    private record Boot(int exit, String output) {}

    private Boot boot(TailnetUnderTest tailnet, String machine, Map<String, String> more) throws Exception {
        var programs = Files.createDirectories(directory.resolve("bin"));
        program(programs, "tailscale", "exec hack/testbed node tailscale " + machine + " \"$@\"");
        for (var played : List.of("tailscaled", "systemctl", "rc-update", "rc-service", "sysctl")) {
            program(programs, played, "");
        }
        for (var file : List.of("join.sh", "join.py")) {
            Files.writeString(
                    directory.resolve(file),
                    Files.readString(FILES.resolve(file)).replace("LOGIN_SECONDS = 600", "LOGIN_SECONDS = 10"));
        }
        Files.writeString(directory.resolve("token"), "canary-token\n");
        var settings = new TreeMap<>(Map.of(
                "BOOTSTRAP_URL", "http://127.0.0.1:" + operator.getAddress().getPort() + "/bootstrap",
                "LOGIN_SERVER", tailnet.url().toString(),
                "APT_SOURCE", "",
                "NODE_HOSTNAME", machine + "-named",
                "ADVERTISE_ROUTES", "",
                "ADVERTISE_EXIT_NODE", "false",
                "UNMANAGED_ROUTES", "keep"));
        for (var unsaid :
                List.of("EXIT_NODE", "EXIT_NODE_ALLOW_LAN_ACCESS", "ACCEPT_ROUTES", "ACCEPT_DNS", "TAILSCALE_SSH")) {
            settings.put(unsaid, "");
        }
        settings.putAll(more);
        var text = new StringBuilder();
        settings.forEach(
                (name, value) -> text.append(name).append("='").append(value).append("'\n"));
        Files.writeString(directory.resolve("settings"), text);
        var log = directory.resolve("log");
        var process = new ProcessBuilder("sh", directory.resolve("join.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        var environment = new HashMap<>(Map.of(
                "TAILSCALED_SOCKET",
                tailnet.socketOf(machine).toString(),
                "PATH",
                programs + ":" + System.getenv("PATH")));
        environment.put("XO_TESTBED_DIR", tailnet.directory().toString());
        process.environment().putAll(environment);
        var running = process.start();
        assertThat(running.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("token")).doesNotExist();
        var output = Files.readString(log);
        assertThat(output).doesNotContain("canary-token");
        if (!key.isEmpty()) {
            assertThat(output).doesNotContain(key);
        }
        return new Boot(running.exitValue(), output);
    }

    private static void program(Path programs, String name, String text) throws IOException {
        var file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static ObjectNode preferences(TailnetUnderTest tailnet, String machine) throws IOException {
        return (ObjectNode) JSON.readTree(
                tailnet.tailscale(machine, "debug", "prefs").orFail().stdout());
    }

    private static JsonNode but(ObjectNode preferences, String... names) {
        var rest = preferences.deepCopy().remove(OF_THE_LOGIN);
        return rest.remove(List.of(names));
    }

    private static String state(TailnetUnderTest tailnet, String machine) throws IOException {
        return JSON.readTree(tailnet.tailscale(machine, "status", "--json", "--peers=false")
                        .orFail()
                        .stdout())
                .path("BackendState")
                .asText();
    }

    /** An image with preferences of its own. */
    private static ObjectNode image(TailnetUnderTest tailnet, String machine) throws IOException {
        tailnet.startNodeOutside(machine);
        tailnet.tailscale(
                        machine,
                        "set",
                        "--shields-up",
                        "--snat-subnet-routes=false",
                        "--webclient",
                        "--accept-routes",
                        "--advertise-connector",
                        "--auto-update=false",
                        "--update-check=false",
                        "--operator=nobody",
                        "--advertise-routes=10.77.0.0/16")
                .orFail();
        return preferences(tailnet, machine);
    }

    @Test
    void whatTheNodeDoesNotNameStaysAsTheImageHasIt(TailnetUnderTest tailnet) throws Exception {
        var before = image(tailnet, "img");
        key = tailnet.joinKey("tag:web");
        var boot = boot(tailnet, "img", Map.of("ACCEPT_DNS", "false", "TAILSCALE_SSH", "false", "EXIT_NODE", "none"));
        assertThat(boot.exit()).as(boot.output()).isZero();

        var after = preferences(tailnet, "img");
        assertThat(but(after, "Hostname", "CorpDNS")).isEqualTo(but(before, "Hostname", "CorpDNS"));
        assertThat(after.path("Hostname").asText()).isEqualTo("img-named");
        assertThat(after.path("CorpDNS").asBoolean()).isFalse();
        assertThat(after.path("ShieldsUp").asBoolean()).isTrue();
        assertThat(tailnet.machine("img-named").orElseThrow().tags()).containsExactly("tag:web");

        var again = boot(tailnet, "img", Map.of("ACCEPT_DNS", "true"));
        assertThat(again.exit()).as(again.output()).isZero();
        assertThat(again.output()).contains("Nothing was changed");
        assertThat(preferences(tailnet, "img")).isEqualTo(after);
        assertThat(fetched).as("keys that were fetched").hasValue(1);

        tailnet.tailscale("img", "down").orFail();
        assertThat(boot(tailnet, "img", Map.of()).exit()).isZero();
        assertThat(state(tailnet, "img")).as("somebody has brought it down").isEqualTo("Stopped");
        var elsewhere = boot(tailnet, "img", Map.of("LOGIN_SERVER", "https://other.example"));
        assertThat(elsewhere.exit()).isNotZero();
        assertThat(elsewhere.output())
                .contains("Nothing was changed")
                .contains("To make it join https://other.example: run tailscale logout on it");
        assertThat(fetched).hasValue(1);
    }

    @Test
    void otherRoutesGoWhereTheTailnetRemovesThem(TailnetUnderTest tailnet) throws Exception {
        var before = image(tailnet, "router");
        key = tailnet.joinKey("tag:web");
        assertThat(boot(tailnet, "router", Map.of("UNMANAGED_ROUTES", "remove")).exit())
                .isZero();
        var after = preferences(tailnet, "router");
        assertThat(after.path("AdvertiseRoutes").isEmpty()).isTrue();
        assertThat(but(after, "Hostname", "AdvertiseRoutes")).isEqualTo(but(before, "Hostname", "AdvertiseRoutes"));
    }

    /** And what was not done leaves no trace. */
    @Test
    void aKeyThatIsRefusedLeavesTheMachineAsItWas(TailnetUnderTest tailnet) throws Exception {
        var before = image(tailnet, "unlucky");
        key = "hskey-auth-aaaaaaaaaaaa-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
        var boot = boot(tailnet, "unlucky", Map.of("ACCEPT_DNS", "false"));
        assertThat(boot.exit()).isNotZero();
        assertThat(boot.output()).contains("The login did not finish").contains("Wait for new files of the node");
        assertThat(but(preferences(tailnet, "unlucky"))).isEqualTo(but(before));
        assertThat(preferences(tailnet, "unlucky").path("WantRunning")).isEqualTo(before.path("WantRunning"));
        assertThat(state(tailnet, "unlucky")).isEqualTo("NeedsLogin");

        key = tailnet.joinKey("tag:web");
        assertThat(boot(tailnet, "unlucky", Map.of()).exit())
                .as("with a good one")
                .isZero();
        assertThat(preferences(tailnet, "unlucky").path("ShieldsUp").asBoolean())
                .isTrue();
    }

    /** The proxy in front of the operator says 404 while the operator starts. */
    @Test
    void anErrorPageInPlaceOfTheOperatorIsNoAnswer(TailnetUnderTest tailnet) throws Exception {
        image(tailnet, "patient");
        key = tailnet.joinKey("tag:web");
        var address = "http://127.0.0.1:" + operator.getAddress().getPort();
        try (var proxy = FrontProxy.before(URI.create(address))) {
            proxy.knowsNoPage();
            var opens = Thread.ofVirtual().start(() -> {
                Awaitility.await().until(() -> proxy.answeredItself() > 0);
                proxy.answers(path -> true, 200, "text/html", "<html>Welcome to the proxy</html>");
                Awaitility.await().until(() -> proxy.answeredItself() > 1);
                proxy.passesAll();
            });
            var boot = boot(tailnet, "patient", Map.of("BOOTSTRAP_URL", proxy.url() + "/bootstrap"));
            opens.join();
            assertThat(boot.exit()).as(boot.output()).isZero();
        }
        assertThat(state(tailnet, "patient")).isEqualTo("Running");
    }
}
