package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallLedgerTest {

    private static final Instant NOW = Instant.parse("2026-06-01T10:00:00Z");

    private final TailnetSimulator simulator = new TailnetSimulator(Profile.SAAS, new ManualClock(NOW));
    private String label;
    private Api api;

    @BeforeEach
    void start() {
        simulator.start();
        label = simulator.addApiKey("very-secret-key", "all");
        api = new Api(simulator, "very-secret-key");
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    @Test
    void everyCallIsThereWithItsAnswerAndWithoutSecrets() throws Exception {
        simulator.addOAuthClient("c", "hidden", "all");
        api.token(Map.of("client_id", "c", "client_secret", "hidden"));
        api.get("/tailnet/-/devices?fields=all");
        api.post("/device/n1CNTRL/name", "{\"name\":\"x\"}");
        api.get("/nonsense");

        var calls = simulator.ledger().calls();
        assertThat(calls)
                .extracting(SimCall::operation)
                .containsExactly("oauthToken", "listTailnetDevices", "setDeviceName", "unknown");
        assertThat(calls).extracting(SimCall::status).containsExactly(200, 200, 404, 404);
        var list = calls.get(1);
        assertThat(list.at()).isEqualTo(NOW);
        assertThat(list.method()).isEqualTo("GET");
        assertThat(list.path()).isEqualTo("/api/v2/tailnet/-/devices");
        assertThat(list.query()).isEqualTo("fields=all");
        assertThat(list.credential()).isEqualTo(label);
        assertThat(list.bodyHash()).isEmpty();
        assertThat(calls.get(0).bodyHash()).isEmpty();
        assertThat(calls.get(2).bodyHash()).hasSize(64);
        assertThat(calls.toString()).doesNotContain("secret-key", "hidden");
    }

    @Test
    void countsAndMarks() throws Exception {
        api.get("/tailnet/-/devices");
        var mark = simulator.ledger().mark();
        api.get("/tailnet/-/devices");
        api.post("/tailnet/-/acl", "{}");
        api.post("/tailnet/-/acl/validate", "{}");
        assertThat(simulator.ledger().count("listTailnetDevices")).isEqualTo(2);
        assertThat(simulator.ledger().countSince(mark, "listTailnetDevices")).isEqualTo(1);
        assertThat(simulator.ledger().since(mark)).hasSize(3);
        assertThat(simulator.ledger().writesSince(mark))
                .extracting(SimCall::operation)
                .containsExactly("setPolicyFile");
        assertThat(simulator.ledger().count(CallLedger.UNKNOWN)).isZero();
    }

    @Test
    void thePeakLoadIsThatOfTheBusiestWindow() throws Exception {
        for (int i = 0; i < 5; i++) {
            api.get("/tailnet/-/devices");
        }
        assertThat(simulator.ledger().maxInAnyWindow(Duration.ofMinutes(1))).isEqualTo(5);
        assertThat(simulator.ledger().maxInAnyWindow(Duration.ofNanos(1))).isEqualTo(1);
    }
}
