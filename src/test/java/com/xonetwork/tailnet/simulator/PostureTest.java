package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostureTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-06-01T10:00:00Z"));
    private final TailnetSimulator simulator = new TailnetSimulator(Profile.SAAS, clock);
    private Api api;
    private String path;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "all");
        api = new Api(simulator, "key");
        path = "/device/" + simulator.addDevice(SimDevice.named("web")).nodeId() + "/attributes";
        simulator.addDevice(SimDevice.named("db"));
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node:os | {\"value\":\"x\"}",
                "custom: | {\"value\":\"x\"}",
                "custom:with-dash | {\"value\":\"x\"}",
                "custom:a | {}",
                "custom:a | {\"value\":null}",
                "custom:a | {\"value\":1.5}",
                "custom:a | {\"value\":9007199254740992}",
                "custom:a | {\"value\":\"with space\"}",
                "custom:a | {\"value\":[]}",
                "custom:a | {\"value\":\"x\",\"expiry\":\"tomorrow\"}",
            })
    void badInputIsRefused(String key, String body) throws Exception {
        assertThat(api.post(path + "/" + key, body).status()).isEqualTo(400);
        assertThat(api.get(path).body()).doesNotContain("custom:");
    }

    @Test
    void aKeyIsWrittenOneWayAndHasOneTypeInTheWholeTailnet() throws Exception {
        assertThat(api.post(path + "/custom:tier", "{\"value\":\"gold\"}").status())
                .isEqualTo(200);
        var other = "/device/n000002CNTRL/attributes/";
        assertThat(api.post(other + "custom:Tier", "{\"value\":\"gold\"}").status())
                .isEqualTo(400);
        assertThat(api.post(other + "custom:tier", "{\"value\":1}").status()).isEqualTo(400);
        assertThat(api.post(other + "custom:tier", "{\"value\":\"silver\"}").status())
                .isEqualTo(200);
        assertThat(api.post("/device/n9CNTRL/attributes/custom:tier", "{\"value\":\"x\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void anAttributeExpiresByItself() throws Exception {
        var set = api.post(
                        path + "/custom:on", "{\"value\":true,\"expiry\":\"2026-06-01T11:00:00Z\",\"comment\":\"x\"}")
                .json();
        assertThat(set.at("/expiries/custom:on").asText()).isEqualTo("2026-06-01T11:00:00Z");
        assertThat(set.at("/attributes/node:os").asText()).isEqualTo("linux");
        clock.advance(Duration.ofHours(1));
        assertThat(api.get(path).body()).doesNotContain("custom:on").doesNotContain("expiries");
    }

    @Test
    void manyAreMergedAtOnce() throws Exception {
        api.post(path + "/custom:old", "{\"value\":1}");
        var body = "{\"nodes\":{\"n000001CNTRL\":{\"custom:old\":null,\"custom:new\":{\"value\":2}},"
                + "\"n000002CNTRL\":{\"custom:new\":{\"value\":3}}}}";
        assertThat(api.send("PATCH", "/tailnet/-/device-attributes", body).status())
                .isEqualTo(200);
        assertThat(api.get(path).body()).contains("\"custom:new\":2").doesNotContain("custom:old");
        assertThat(api.delete("/device/n000002CNTRL/attributes/custom:new").body())
                .doesNotContain("custom:new");
    }
}
