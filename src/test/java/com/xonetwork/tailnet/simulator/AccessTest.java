package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credentials, scopes, and what is said to those who ask for what is not there. */
class AccessTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-06-01T10:00:00Z"));
    private final TailnetSimulator simulator = new TailnetSimulator(Profile.SAAS, clock);

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addOAuthClient("c1", "s3cret", "devices:core", "policy_file:read");
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private Api as(String token) {
        return new Api(simulator, token);
    }

    private String token(String... scope) throws Exception {
        try (var api = as("")) {
            return api.token(Map.of("client_id", "c1", "client_secret", "s3cret", "scope", String.join(" ", scope)))
                    .json()
                    .path("access_token")
                    .asText();
        }
    }

    @Test
    void aTokenLivesForAnHour() throws Exception {
        try (var anonymous = as("")) {
            var reply = anonymous.token(
                    Map.of("client_id", "c1", "client_secret", "s3cret", "grant_type", "client_credentials"));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().path("token_type").asText()).isEqualTo("Bearer");
            assertThat(reply.json().path("expires_in").asInt()).isEqualTo(3600);
            assertThat(reply.json().path("scope").asText()).isEqualTo("devices:core policy_file:read");
            try (var api = as(reply.json().path("access_token").asText())) {
                clock.advance(Duration.ofSeconds(3599));
                assertThat(api.get("/tailnet/-/devices").status()).isEqualTo(200);
                clock.advance(Duration.ofSeconds(1));
                assertThat(api.get("/tailnet/-/devices").message()).isEqualTo("API token invalid");
            }
        }
    }

    @Test
    void clientCredentialsMayComeInHttpBasic() throws Exception {
        var basic = Base64.getEncoder().encodeToString("c1:s3cret".getBytes());
        try (var api = as("")) {
            assertThat(api.post("/oauth/token", "grant_type=client_credentials", "Authorization", "Basic " + basic)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aSecretOfTheLiveFormNamesItsClientItself() throws Exception {
        simulator.addOAuthClient("c2", "tskey-client-c2-abc", "all");
        try (var api = as("")) {
            assertThat(api.token(Map.of("client_id", "some-client-id", "client_secret", "tskey-client-c2-abc"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void wrongClientCredentialsAndExcessiveScopesAreRefused() throws Exception {
        try (var api = as("")) {
            var wrong = api.token(Map.of("client_id", "c1", "client_secret", "guess"));
            assertThat(wrong.status()).isEqualTo(401);
            var excessive = api.token(Map.of("client_id", "c1", "client_secret", "s3cret", "scope", "all"));
            assertThat(excessive.status()).isEqualTo(403);
            assertThat(excessive.message()).isEqualTo("actor cannot set scopes: [all]");
        }
    }

    @Test
    void aTokenHasNoMoreScopesThanItAskedFor() throws Exception {
        try (var api = as(token("devices:core:read"))) {
            assertThat(api.get("/tailnet/-/devices").status()).isEqualTo(200);
            assertThat(api.get("/tailnet/-/acl").status()).isEqualTo(403);
        }
    }

    @Test
    void missingMalformedAndRevokedCredentialsAreAlike() throws Exception {
        var good = token();
        simulator.addApiKey("tskey-api-mine", "all");
        for (var bad : new String[] {"", "nonsense"}) {
            try (var api = as(bad)) {
                var reply = api.get("/tailnet/-/devices");
                assertThat(reply.status()).isEqualTo(401);
                assertThat(reply.body()).isEqualTo("{\"message\":\"API token invalid\"}");
            }
        }
        try (var client = as(good);
                var user = as("tskey-api-mine")) {
            assertThat(user.get("/tailnet/-/devices").status()).isEqualTo(200);
            simulator.revokeOAuthClient("c1");
            simulator.revokeApiKey("tskey-api-mine");
            assertThat(client.get("/tailnet/-/devices").status()).isEqualTo(401);
            assertThat(user.get("/tailnet/-/devices").status()).isEqualTo(401);
            assertThat(client.token(Map.of("client_id", "c1", "client_secret", "s3cret"))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void anApiKeyMayBeAnHttpBasicUserName() throws Exception {
        simulator.addApiKey("tskey-api-mine", "all");
        var basic = Base64.getEncoder().encodeToString("tskey-api-mine:".getBytes());
        try (var api = as("")) {
            assertThat(api.send(api.request("/tailnet/-/devices").header("Authorization", "Basic " + basic))
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /tailnet/-/devices, devices:core:read, devices:routes",
        "GET, /device/n000001CNTRL, devices:core, policy_file",
        "POST, /device/n000001CNTRL/expire, devices:core, devices:core:read",
        "GET, /device/n000001CNTRL/routes, devices:routes, devices:core",
        "GET, /device/n000001CNTRL/routes, all:read, auth_keys",
        "GET, /tailnet/-/keys, auth_keys:read, devices:core",
        "GET, /tailnet/-/acl, policy_file:read, dns",
        "POST, /tailnet/-/acl, policy_file devices:core:read devices:posture_attributes:read, policy_file",
        "POST, /tailnet/-/acl/validate, policy_file:read, all:read:not",
        "GET, /tailnet/-/dns/preferences, dns:read, services",
        "GET, /tailnet/-/webhooks, webhooks, dns",
        "GET, /tailnet/-/services, services:read, webhooks",
        "GET, /tailnet/-/users, users:read, devices:core",
        "GET, /tailnet/-/dns/split-dns, dns, users",
        "GET, /device/n000001CNTRL/attributes, devices:posture_attributes:read, devices:core",
        "GET, /tailnet/-/keys, federated_keys:read, users",
    })
    void everyOperationAsksForItsScope(String method, String path, String enough, String notEnough) throws Exception {
        simulator.addDevice(SimDevice.named("web"));
        simulator.addApiKey("enough", enough.split(" "));
        simulator.addApiKey("not-enough", notEnough.split(" "));
        try (var allowed = as("enough");
                var refused = as("not-enough")) {
            assertThat(
                            method.equals("GET")
                                    ? allowed.get(path).status()
                                    : allowed.post(path, "{}").status())
                    .isEqualTo(200);
            var refusal = method.equals("GET") ? refused.get(path) : refused.post(path, "{}");
            assertThat(refusal.status()).isEqualTo(403);
            assertThat(refusal.message())
                    .isEqualTo("calling actor does not have enough permissions to perform this function");
        }
    }

    @Test
    void whatIsNotThereIsSaidInThreeWays() throws Exception {
        try (var api = as(token())) {
            var noPage = api.get("/tailnet/-/nonsense");
            assertThat(noPage.status()).isEqualTo(404);
            assertThat(noPage.header("content-type")).startsWith("text/plain");
            assertThat(noPage.body()).isEqualTo("404 page not found\n");

            assertThat(api.get("/tailnet/-/keys/with%2Fslash").status()).isEqualTo(403);
            assertThat(api.get("/tailnet/other.example/devices").message())
                    .isEqualTo("tailnet \"other.example\" not found");
            assertThat(api.get("/device/n999CNTRL").message()).isEqualTo("no manageable device matching this ID found");

            var wrongMethod = api.delete("/tailnet/-/devices");
            assertThat(wrongMethod.status()).isEqualTo(405);
            assertThat(wrongMethod.body()).isEmpty();
        }
    }

    @Test
    void theTailnetAnswersToItsId() throws Exception {
        try (var api = as(token())) {
            assertThat(api.get("/tailnet/T1234CNTRL/devices").status()).isEqualTo(200);
        }
    }

    @Test
    void everyAnswerHasARequestId() throws Exception {
        try (var api = as("")) {
            assertThat(api.get("/tailnet/-/devices").header("x-tailscale-request-id"))
                    .matches("REQ-20260601100000000[0-9a-f]{8}");
            assertThat(api.get("/nonsense").header("x-tailscale-request-id")).startsWith("REQ-");
        }
    }

    @Test
    void theMinimalProfileLacksWhatHeadscaleLacks() throws Exception {
        try (var minimal = new TailnetSimulator(Profile.MINIMAL).start();
                var api = new Api(minimal, "key")) {
            minimal.addApiKey("key", "all");
            for (var path : new String[] {"dns/preferences", "dns/split-dns", "webhooks", "services", "vip-services"}) {
                assertThat(api.get("/tailnet/-/" + path).body()).isEqualTo("404 page not found\n");
            }
            assertThat(api.post("/tailnet/-/acl/validate", "{}").status()).isEqualTo(404);
            assertThat(api.get("/tailnet/-/acl").status()).isEqualTo(200);
            assertThat(api.get("/tailnet/T1234CNTRL/devices")
                            .json()
                            .path("status")
                            .asInt())
                    .isEqualTo(404);
            assertThat(api.token(Map.of("client_id", "x", "client_secret", "y"))
                            .json()
                            .path("error")
                            .asText())
                    .isEqualTo("invalid_client");
        }
    }

    @Test
    void aServiceThatWasDownComesBackOnItsPortWithItsTailnet() throws Exception {
        simulator.addDevice(SimDevice.named("web"));
        var token = token();
        var url = simulator.url();
        simulator.stop();
        assertThat(simulator.start().url()).isEqualTo(url);
        try (var api = as(token)) {
            assertThat(api.get("/tailnet/-/devices").json().path("devices")).hasSize(1);
        }
    }

    @Test
    void aTokenMayBeNarrowedToSomeTags() throws Exception {
        simulator.setPolicyByHand(
                "{\"tagOwners\": {\"tag:op\": [], \"tag:a\": [\"tag:op\"], \"tag:b\": [\"tag:op\"], \"tag:c\": []}}");
        simulator.addOAuthClient("c3", "tskey-client-c3-x", Scopes.of("devices:core"), Set.of("tag:op"));
        simulator.addDevice(SimDevice.named("web"));
        try (var anonymous = as("")) {
            var narrow = anonymous.token(Map.of("client_secret", "tskey-client-c3-x", "tags", "tag:a"));
            try (var api = as(narrow.json().path("access_token").asText())) {
                assertThat(api.post("/device/n000001CNTRL/tags", "{\"tags\":[\"tag:a\"]}")
                                .status())
                        .isEqualTo(200);
                assertThat(api.post("/device/n000001CNTRL/tags", "{\"tags\":[\"tag:b\"]}")
                                .status())
                        .isEqualTo(400);
            }
            assertThat(anonymous
                            .token(Map.of("client_secret", "tskey-client-c3-x", "tags", "tag:c"))
                            .status())
                    .isEqualTo(400);
        }
    }
}
