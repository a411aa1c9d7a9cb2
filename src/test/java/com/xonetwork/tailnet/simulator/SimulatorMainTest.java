package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorMainTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    @Test
    void itStartsWhatItIsAskedForAndPrintsTheUrl() throws Exception {
        var args = List.of("--devices", "3", "--oauth", "id:se:cret", "--api-key", "k", "--profile", "minimal");
        try (var simulator = SimulatorMain.run(args, out).orElseThrow();
                var api = new Api(simulator, "k")) {
            assertThat(written.toString(StandardCharsets.UTF_8).strip()).isEqualTo(simulator.url());
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
        assertThat(written.toString(StandardCharsets.UTF_8)).contains("--port N");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense", "--port", "--port x", "--oauth onlyid", "--profile other"})
    void wrongArgumentsAreRefused(String args) {
        assertThatThrownBy(() -> SimulatorMain.run(List.of(args.split(" ")), out))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
