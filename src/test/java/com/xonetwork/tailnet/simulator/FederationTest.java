package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose token is traded for access, and whose is not. */
class FederationTest {

    private static final String URL = "https://issuer.example";
    private static final String SUBJECT = "system:serviceaccount:tailnet:operator";
    private static final String AUDIENCE = "api.tailscale.com/T1234CNTRL-kFED";
    private static final Instant START = Instant.parse("2026-06-01T10:00:00Z");
    private static final SimIssuer RSA = SimIssuer.rsa(URL);
    private static final SimIssuer EC = SimIssuer.ec(URL);

    private final ManualClock clock = new ManualClock(START);
    private final TailnetSimulator simulator = new TailnetSimulator(Profile.SAAS, clock);
    private Api api;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.trustIssuer(RSA);
        simulator.addFederatedIdentity(
                "kFED",
                new Federation(URL, "system:serviceaccount:tailnet:*", AUDIENCE, Map.of("cluster", "prod-*")),
                Scopes.of("devices:core", "federated_keys:read"),
                Set.of("tag:op"));
        api = new Api(simulator, "");
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    private static String token(SimIssuer issuer, Consumer<ObjectNode> change) {
        return issuer.token(SUBJECT, AUDIENCE, START, Duration.ofMinutes(10), claims -> {
            claims.put("cluster", "prod-1");
            change.accept(claims);
        });
    }

    static Stream<Arguments> badTokens() {
        var good = token(RSA, claims -> {});
        var parts = good.split("\\.");
        var none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        return Stream.of(
                Arguments.of("", "no JWT"),
                Arguments.of("a.b", "no JWT"),
                Arguments.of("e30.nonsense.x", "no JWT"),
                Arguments.of(none + "." + parts[1] + ".", "signature"),
                Arguments.of(parts[0] + "." + parts[1] + "." + "AAAA", "signature"),
                Arguments.of(token(SimIssuer.rsa(URL), claims -> {}), "signature"),
                Arguments.of(token(EC, claims -> {}), "signature"),
                Arguments.of(token(RSA, claims -> claims.remove("exp")), "no end"),
                Arguments.of(token(RSA, claims -> claims.put("exp", START.getEpochSecond())), "expired"),
                Arguments.of(token(RSA, claims -> claims.put("nbf", START.getEpochSecond() + 1)), "not valid yet"),
                Arguments.of(token(RSA, claims -> claims.put("iss", "https://other.example")), "claims"),
                Arguments.of(token(RSA, claims -> claims.put("sub", "system:serviceaccount:other:operator")), "claims"),
                Arguments.of(token(RSA, claims -> claims.put("aud", "api.tailscale.com/other")), "claims"),
                Arguments.of(token(RSA, claims -> claims.put("cluster", "test-1")), "claims"));
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void aBadTokenIsRefused(String token, String why) throws Exception {
        var refusal = api.exchange("kFED", token);
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.message()).contains(why);
        assertThat(refusal.body()).doesNotContain("access_token");
    }

    @Test
    void anUnknownOrRevokedIdentityIsRefused() throws Exception {
        var good = token(RSA, claims -> {});
        simulator.addOAuthClient("c1", "s", "all");
        assertThat(api.exchange("kOTHER", good).status()).isEqualTo(401);
        assertThat(api.exchange("c1", good).status()).isEqualTo(401);
        var access = api.exchange("kFED", good).json().path("access_token").asText();
        simulator.revokeOAuthClient("kFED");
        assertThat(api.exchange("kFED", good).status()).isEqualTo(401);
        try (var client = new Api(simulator, access)) {
            assertThat(client.get("/tailnet/-/devices").status()).isEqualTo(401);
        }
    }

    @Test
    void aGoodTokenGivesTheIdentitysScopesAndTagsForAnHour() throws Exception {
        simulator.setPolicyByHand("{\"tagOwners\": {\"tag:op\": [], \"tag:web\": []}}");
        var id = simulator.addDevice(SimDevice.named("web")).nodeId();
        var reply = api.exchange(
                "kFED", token(RSA, claims -> claims.putArray("aud").add("x").add(AUDIENCE)));
        assertThat(reply.json().path("token_type").asText()).isEqualTo("Bearer");
        assertThat(reply.json().path("expires_in").asInt()).isEqualTo(3600);
        assertThat(reply.json().path("scope").asText()).isEqualTo("devices:core federated_keys:read");
        try (var client = new Api(simulator, reply.json().path("access_token").asText())) {
            assertThat(client.post("/device/" + id + "/tags", "{\"tags\":[\"tag:op\"]}")
                            .status())
                    .isEqualTo(200);
            assertThat(client.post("/device/" + id + "/tags", "{\"tags\":[\"tag:web\"]}")
                            .status())
                    .isEqualTo(400);
            assertThat(client.get("/tailnet/-/acl").status()).isEqualTo(403);
            assertThat(client.get("/tailnet/-/keys").json().path("keys").findValuesAsText("keyType"))
                    .as("a federated identity sees its kind")
                    .containsExactly("federated");
            clock.advance(Duration.ofHours(1));
            assertThat(client.get("/tailnet/-/devices").status()).isEqualTo(401);
        }
    }

    @Test
    void bothAlgorithmsAreKnownAndOneIssuerMayHaveSeveralKeys() throws Exception {
        simulator.trustIssuer(EC);
        assertThat(api.exchange("kFED", token(EC, claims -> {})).status()).isEqualTo(200);
        assertThat(api.exchange("kFED", token(RSA, claims -> {})).status()).isEqualTo(200);
    }

    @Test
    void nothingOfTheTokenIsInTheLedger() throws Exception {
        api.exchange("kFED", token(RSA, claims -> {}));
        var call = simulator.ledger().calls().getFirst();
        assertThat(call.operation()).isEqualTo("oauthTokenExchange");
        assertThat(call.bodyHash()).isEmpty();
        assertThat(call.isWrite()).isFalse();
        assertThat(simulator.faults().on("oauthTokenExchange").once().status(503))
                .isNotNull();
        assertThat(api.exchange("kFED", "x").status()).isEqualTo(503);
    }
}
