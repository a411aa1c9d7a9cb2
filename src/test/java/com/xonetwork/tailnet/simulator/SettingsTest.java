package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final String SETTINGS = "/tailnet/-/settings";
    private static final Instant START = Instant.parse("2026-06-01T10:00:00Z");

    private final TailnetSimulator simulator = new TailnetSimulator(Profile.SAAS, new ManualClock(START));
    private Api api;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "all");
        api = new Api(simulator, "key");
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    private Api with(String... scopes) {
        var key = String.join("+", scopes);
        simulator.addApiKey(key, scopes);
        return new Api(simulator, key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"devicesKeyDurationDays\":0}",
                "{\"devicesKeyDurationDays\":181}",
                "{\"devicesKeyDurationDays\":\"7\"}",
                "{\"devicesApprovalOn\":\"yes\"}",
                "{\"usersRoleAllowedToJoinExternalTailnets\":\"owner\"}",
                "{\"devicesApprovalOn\":true,\"routeSelection\":\"by-lot\"}",
                "{\"regionalRoutingOn\":true,\"routeSelection\":\"magicroute\"}",
                "nonsense"
            })
    void badInputChangesNothing(String body) throws Exception {
        var before = api.get(SETTINGS).body();
        assertThat(api.send("PATCH", SETTINGS, body).status()).isEqualTo(400);
        assertThat(api.get(SETTINGS).body()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "policy_file:read, 'aclsExternallyManagedOn,aclsExternalLink'",
        "logs:network, networkFlowLoggingOn",
        "networking_settings:read, httpsEnabled",
        "dns, ''",
    })
    void aTokenSeesTheFieldsOfItsScopesAndNoOthers(String scope, String fields) throws Exception {
        try (var narrow = with(scope)) {
            var reply = narrow.get(SETTINGS);
            assertThat(reply.status()).isEqualTo(200);
            var seen = new ArrayList<String>();
            reply.json().fieldNames().forEachRemaining(seen::add);
            assertThat(String.join(",", seen)).isEqualTo(fields);
        }
    }

    @Test
    void aTokenChangesTheFieldsOfItsScopesOrNothing() throws Exception {
        try (var narrow = with("policy_file", "feature_settings:read")) {
            var both = "{\"aclsExternallyManagedOn\":true,\"devicesApprovalOn\":true}";
            assertThat(narrow.send("PATCH", SETTINGS, both).status()).isEqualTo(403);
            assertThat(narrow.get(SETTINGS)
                            .json()
                            .path("aclsExternallyManagedOn")
                            .asBoolean(true))
                    .isFalse();
            var one =
                    "{\"aclsExternallyManagedOn\":true,\"aclsExternalLink\":\"https://git.example\",\"httpsEnabled\":null}";
            var changed = narrow.send("PATCH", SETTINGS, one).json();
            assertThat(changed.path("aclsExternalLink").asText()).isEqualTo("https://git.example");
            assertThat(changed.has("httpsEnabled")).isFalse();
        }
    }

    @Test
    void settingsHaveTheirEffect() throws Exception {
        api.send("PATCH", SETTINGS, "{\"devicesApprovalOn\":true,\"devicesKeyDurationDays\":7}");
        var made = api.post(
                        "/tailnet/-/keys", "{\"capabilities\":{\"devices\":{\"create\":{\"preauthorized\":false}}}}")
                .json();
        var device = simulator.join(made.path("key").asText(), SimDevice.named("web"));
        assertThat(device.authorized()).isFalse();
        assertThat(device.expires()).isEqualTo(START.plus(Duration.ofDays(7)));
    }

    @Test
    void regionalRoutingHasTwoNames() throws Exception {
        var on = api.send("PATCH", SETTINGS, "{\"regionalRoutingOn\":true}").json();
        assertThat(on.path("routeSelection").asText()).isEqualTo("regional-routing");
        var other = api.send("PATCH", SETTINGS, "{\"routeSelection\":\"magicroute\"}")
                .json();
        assertThat(other.path("regionalRoutingOn").asBoolean()).isFalse();
        api.send("PATCH", SETTINGS, "{\"regionalRoutingOn\":false}");
        assertThat(api.get(SETTINGS).json().path("routeSelection").asText()).isEqualTo("active-passive-failover");
    }
}
