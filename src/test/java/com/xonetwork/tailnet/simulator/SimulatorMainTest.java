package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorMainTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    private String printed() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void itStartsWhatItIsAskedForAndPrintsTheUrl() throws Exception {
        var args = List.of("--devices", "3", "--oauth", "id:se:cret", "--api-key", "k", "--profile", "minimal");
        try (var simulator = SimulatorMain.run(args, out).orElseThrow();
                var api = new Api(simulator, "k")) {
            assertThat(printed().lines().findFirst()).contains(simulator.url());
            assertThat(api.get("/tailnet/-/devices").json().path("devices")).hasSize(3);
            assertThat(api.get("/tailnet/-/webhooks").status()).isEqualTo(404);
            assertThat(api.token(Map.of("client_id", "id", "client_secret", "se:cret"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void helpStartsNothing() {
        assertThat(SimulatorMain.run(List.of("--help"), out)).isEmpty();
        assertThat(printed()).contains("--port N");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nonsense",
                "--port",
                "--port x",
                "--port 70000",
                "--oauth onlyid",
                "--profile other",
                "--policy /no/such/file",
                "--policy pom.xml",
                "--expire-tokens soon",
                "--fault hang",
                "--fault listDevices=hang",
                "--fault all=explode",
                "--fault all=status",
                "--fault all=status:99",
                "--fault all=hang:5s",
                "--fault all=delay:5",
                "--fault all=hang*0"
            })
    void wrongArgumentsAreRefused(String args) {
        assertThatThrownBy(() -> SimulatorMain.run(List.of(args.split(" ")), out))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutCredentialsItMakesSomeUpAndSaysSo() throws Exception {
        try (var simulator = SimulatorMain.run(List.of(), out).orElseThrow()) {
            var key = printed().replaceAll("(?s).*API access token: (\\S+).*", "$1");
            var secret = printed().replaceAll("(?s).*secret (\\S+).*", "$1");
            try (var api = new Api(simulator, key)) {
                assertThat(api.get("/tailnet/-/devices").status()).isEqualTo(200);
                assertThat(api.token(Map.of("client_id", "kSIMULATED", "client_secret", secret))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aPolicyIsTakenFromAFile(@TempDir Path directory) throws Exception {
        var file =
                Files.writeString(directory.resolve("policy.hujson"), "{\"tagOwners\": {\"tag:web\": []}, // mine\n}");
        try (var simulator =
                SimulatorMain.run(List.of("--policy", file.toString()), out).orElseThrow()) {
            assertThat(simulator.policyText()).contains("// mine");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status:503, 503",
        "rate-limited, 429",
        "rate-limited:7s, 429",
        "not-on-plan, 403",
        "html, 200",
        "bad-gateway, 502",
        "empty-list, 200",
        "half-list, 200",
        "delay:10ms, 200",
        "act-then-status:500, 500",
        "truncated, 200",
        "truncated-chunked, 200",
        "cut, 0",
        "reset, 0",
        "act-then-cut, 0",
        "hang, 0",
        "act-then-hang, 0",
    })
    void faultsAreSwitchedOnByName(String fault, int status) throws Exception {
        var args = List.of("--devices", "4", "--api-key", "k", "--fault", "listTailnetDevices=" + fault + "*1");
        try (var simulator = SimulatorMain.run(args, out).orElseThrow();
                var api = new Api(simulator, "k")) {
            try {
                // Only what hangs is not waited for.
                var patience = Duration.ofSeconds(fault.endsWith("hang") ? 2 : 30);
                api.send(api.request("/tailnet/-/devices").timeout(patience));
            } catch (IOException expected) {
                // Some faults are just that; the ledger tells what was sent.
            }
            assertThat(simulator.ledger().calls().getFirst().status()).isEqualTo(status);
            assertThat(api.get("/tailnet/-/devices").json().path("devices"))
                    .as("once")
                    .hasSize(4);
        }
    }

    @Test
    void tokensExpireAgainAndAgain() throws Exception {
        var args = List.of("--oauth", "c:s", "--expire-tokens", "1ms");
        try (var simulator = SimulatorMain.run(args, out).orElseThrow();
                var anonymous = new Api(simulator, "")) {
            var token = anonymous
                    .token(Map.of("client_id", "c", "client_secret", "s"))
                    .json()
                    .path("access_token")
                    .asText();
            try (var api = new Api(simulator, token)) {
                await().until(() -> api.get("/tailnet/-/devices").status() == 401);
            }
        }
    }
}
