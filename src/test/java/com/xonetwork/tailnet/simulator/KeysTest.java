package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-06-01T10:00:00Z"));
    private final TailnetSimulator simulator = new TailnetSimulator(Profile.SAAS, clock);
    private Api api;

    @BeforeEach
    void start() throws Exception {
        simulator.start();
        simulator.setPolicyByHand("{\"tagOwners\": {\"tag:web\": [], \"tag:op\": [], \"tag:mine\": [\"tag:op\"]}}");
        simulator.addOAuthClient("c1", "s", "auth_keys", "oauth_keys");
        try (var anonymous = new Api(simulator, "")) {
            api = new Api(simulator, token(anonymous, Map.of("client_id", "c1", "client_secret", "s")));
        }
    }

    private static String token(Api api, Map<String, String> form) throws Exception {
        return api.token(form).json().path("access_token").asText();
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    private static String authKey(String description, String create) {
        return "{\"keyType\":\"auth\",\"description\":\"%s\",\"expirySeconds\":3600,\"capabilities\":{\"devices\":{\"create\":%s}}}"
                .formatted(description, create);
    }

    private String newKey(String create) throws Exception {
        return api.post("/tailnet/-/keys", authKey("a key", create))
                .json()
                .path("key")
                .asText();
    }

    @Test
    void theSecretIsShownOnce() throws Exception {
        var made = api.post("/tailnet/-/keys", authKey("node web-1", "{\"preauthorized\":true,\"tags\":[\"tag:web\"]}"))
                .json();
        assertThat(made.path("key").asText()).startsWith("tskey-auth-");
        assertThat(made.path("expires").asText()).isEqualTo("2026-06-01T11:00:00Z");
        var seen = api.get("/tailnet/-/keys/" + made.path("id").asText()).json();
        assertThat(seen.has("key")).isFalse();
        assertThat(seen.path("description").asText()).isEqualTo("node web-1");
        assertThat(seen.at("/capabilities/devices/create/tags/0").asText()).isEqualTo("tag:web");
        assertThat(simulator.keys().toString()).doesNotContain("tskey-auth-");
    }

    @Test
    void aTailnetOwnedKeyNeedsTagsThatExist() throws Exception {
        assertThat(api.post("/tailnet/-/keys", authKey("x", "{}")).message())
                .isEqualTo("tailnet-owned auth key must have tags set");
        assertThat(api.post("/tailnet/-/keys", authKey("x", "{\"tags\":[\"tag:none\"]}"))
                        .message())
                .isEqualTo("requested tags [tag:none] are invalid or not permitted");
    }

    @Test
    void malformedRequestsAreRefused() throws Exception {
        assertThat(api.post("/tailnet/-/keys", "nonsense").message())
                .isEqualTo("exactly one capability scope must be populated");
        assertThat(api.post("/tailnet/-/keys", "{}").message())
                .isEqualTo("exactly one capability scope must be populated");
        assertThat(api.post("/tailnet/-/keys", authKey("with/slash", "{\"tags\":[\"tag:web\"]}"))
                        .message())
                .isEqualTo("keys: description had invalid characters");
    }

    @Test
    void aOneOffKeyLetsOneDeviceInWithItsTags() throws Exception {
        var secret = newKey("{\"preauthorized\":true,\"tags\":[\"tag:web\"]}");
        var device = simulator.join(secret, SimDevice.named("web"));
        assertThat(device.tags()).containsExactly("tag:web");
        assertThat(device.keyExpiryDisabled()).isTrue();
        assertThatThrownBy(() -> simulator.join(secret, SimDevice.named("web")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aReusableKeyLetsManyInUntilItEnds() throws Exception {
        var secret = newKey("{\"reusable\":true,\"ephemeral\":true,\"tags\":[\"tag:web\"]}");
        assertThat(simulator.join(secret, SimDevice.named("web")).ephemeral()).isTrue();
        simulator.setDeviceApproval(true);
        assertThat(simulator.join(secret, SimDevice.named("web")).authorized()).isFalse();
        clock.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> simulator.join(secret, SimDevice.named("web")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRevokedKeyIsInvalidButVisible() throws Exception {
        var made = api.post("/tailnet/-/keys", authKey("x", "{\"tags\":[\"tag:web\"]}"))
                .json();
        var path = "/tailnet/-/keys/" + made.path("id").asText();
        assertThat(api.delete(path).status()).isEqualTo(200);
        assertThat(api.get(path).json().path("invalid").asBoolean()).isTrue();
        assertThat(api.get(path).json().path("revoked").asText()).isEqualTo("2026-06-01T10:00:00Z");
        assertThat(api.get("/tailnet/-/keys?all=true").body())
                .doesNotContain(made.path("id").asText());
        assertThatThrownBy(() -> simulator.join(made.path("key").asText(), SimDevice.named("web")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWrongKeyIdIsABadRequest() throws Exception {
        var refusal = api.delete("/tailnet/-/keys/nonsense");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo("invalid key ID");
        assertThat(api.get("/tailnet/-/keys/k999999CNTRL").status()).isEqualTo(404);
    }

    @Test
    void theListDependsOnWhoAsks() throws Exception {
        newKey("{\"tags\":[\"tag:web\"]}");
        assertThat(api.get("/tailnet/-/keys").json().path("keys"))
                .allMatch(key -> key.path("keyType").asText().equals("client"));
        assertThat(api.get("/tailnet/-/keys?all=true").json().path("keys").findValuesAsText("keyType"))
                .containsExactlyInAnyOrder("client", "auth");
        simulator.addApiKey("reader", "auth_keys:read");
        try (var reader = new Api(simulator, "reader")) {
            assertThat(reader.get("/tailnet/-/keys?all=true")
                            .json()
                            .path("keys")
                            .findValuesAsText("keyType"))
                    .containsExactly("auth");
        }
    }

    @Test
    void everyCredentialMayLookAtItsOwnKey() throws Exception {
        simulator.addOAuthClient("c9", "s9", "dns");
        try (var anonymous = new Api(simulator, "");
                var client = new Api(simulator, token(anonymous, Map.of("client_id", "c9", "client_secret", "s9")))) {
            assertThat(client.get("/tailnet/-/keys/c9")
                            .json()
                            .path("scopes")
                            .get(0)
                            .asText())
                    .isEqualTo("dns");
            assertThat(client.get("/tailnet/-/keys/c1").status()).isEqualTo(403);
        }
    }

    @Test
    void anOAuthClientMadeThroughTheApiWorks() throws Exception {
        assertThat(api.post("/tailnet/-/keys", "{\"keyType\":\"client\"}").message())
                .isEqualTo("scopes cannot be empty");
        var made = api.post(
                        "/tailnet/-/keys",
                        "{\"keyType\":\"client\",\"scopes\":[\"devices:core\"],\"tags\":[\"tag:web\"]}")
                .json();
        var form = Map.of("client_secret", made.path("key").asText());
        assertThat(api.token(form).status()).isEqualTo(200);
        assertThat(api.delete("/tailnet/-/keys/" + made.path("id").asText()).status())
                .isEqualTo(200);
        assertThat(api.token(form).status()).isEqualTo(401);
    }

    @Test
    void aClientWithTagsMakesKeysWithThoseOrWhatTheyOwn() throws Exception {
        simulator.addOAuthClient("c2", "s2", Scopes.of("auth_keys"), Set.of("tag:op", "tag:web"));
        try (var anonymous = new Api(simulator, "");
                var client = new Api(simulator, token(anonymous, Map.of("client_id", "c2", "client_secret", "s2")))) {
            assertThat(client.post("/tailnet/-/keys", authKey("x", "{\"tags\":[\"tag:web\",\"tag:op\"]}"))
                            .status())
                    .isEqualTo(200);
            assertThat(client.post("/tailnet/-/keys", authKey("x", "{\"tags\":[\"tag:mine\"]}"))
                            .status())
                    .isEqualTo(200);
            assertThat(client.post("/tailnet/-/keys", authKey("x", "{\"tags\":[\"tag:web\"]}"))
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void onlyTrustCredentialsCanBeChangedAndOnlyAsAWhole() throws Exception {
        var authKey = api.post("/tailnet/-/keys", authKey("x", "{\"tags\":[\"tag:web\"]}"))
                .json();
        var refusal = api.send("PUT", "/tailnet/-/keys/" + authKey.path("id").asText(), "{\"scopes\":[\"all\"]}");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo("keys of type \"auth\" can not be updated");

        var made = api.post(
                        "/tailnet/-/keys",
                        "{\"keyType\":\"client\",\"description\":\"ci\",\"scopes\":[\"dns\",\"users\"]}")
                .json();
        var path = "/tailnet/-/keys/" + made.path("id").asText();
        assertThat(api.send("PUT", path, "{\"description\":\"ci\"}").message()).isEqualTo("scopes cannot be empty");
        assertThat(api.send("PUT", path, "{\"keyType\":\"federated\",\"scopes\":[\"dns\"]}")
                        .status())
                .isEqualTo(400);
        clock.advance(Duration.ofMinutes(1));
        var changed = api.send("PUT", path, "{\"keyType\":\"client\",\"scopes\":[\"dns:read\"]}")
                .json();
        assertThat(changed.path("scopes").toString()).isEqualTo("[\"dns:read\"]");
        assertThat(changed.has("description")).as("what is not given is gone").isFalse();
        assertThat(changed.path("updated").asText()).isEqualTo("2026-06-01T10:01:00Z");
        var form = Map.of("client_secret", made.path("key").asText());
        assertThat(api.token(form).json().path("scope").asText()).isEqualTo("dns:read");

        api.delete(path);
        assertThat(api.send("PUT", path, "{\"scopes\":[\"dns\"]}").status()).isEqualTo(404);
    }

    @Test
    void aFederatedIdentityNeedsItsScopeAnIssuerAndASubject() throws Exception {
        var good =
                "{\"keyType\":\"federated\",\"scopes\":[\"dns\"],\"issuer\":\"https://i.example\",\"subject\":\"s\"}";
        assertThat(api.post("/tailnet/-/keys", good).status())
                .as("without federated_keys")
                .isEqualTo(403);
        simulator.addApiKey("mine", "federated_keys");
        try (var mine = new Api(simulator, "mine")) {
            for (var bad : new String[] {
                good.replace("https:", "http:"), good.replace("\"s\"}", "\"\"}"), good.replace("[\"dns\"]", "[]")
            }) {
                assertThat(mine.post("/tailnet/-/keys", bad).status()).as(bad).isEqualTo(400);
            }
            var made = mine.post("/tailnet/-/keys", good).json();
            assertThat(made.has("key")).isFalse();
            assertThat(made.path("audience").asText())
                    .isEqualTo("api.tailscale.com/T1234CNTRL-" + made.path("id").asText());
            assertThat(made.path("userId").asText()).isEqualTo("u000001CNTRL");
            var path = "/tailnet/-/keys/" + made.path("id").asText();
            var changed =
                    mine.send("PUT", path, good.replace("\"s\"}", "\"t*\"}")).json();
            assertThat(changed.path("subject").asText()).isEqualTo("t*");
            assertThat(changed.path("audience").asText())
                    .isEqualTo(made.path("audience").asText());
        }
    }
}
