package com.xonetwork.tailnet.simulator;

import static com.xonetwork.tailnet.simulator.OfficialClient.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.simulator.OfficialClient.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the simulator has beyond what our client calls today: Tailscale's own client must be able to read all of it, into its
 * own types.
 */
class OfficialClientCoverageIT {

    private static final String WEB = "n000002CNTRL";
    private static final String ISSUER = "https://issuer.example";

    private TwoTailnets tailnets;
    private TailnetSimulator simulator;
    private OfficialClient official;

    @BeforeEach
    void connect() {
        tailnets = new TwoTailnets();
        simulator = tailnets.theirs();
        official = tailnets.official();
    }

    @AfterEach
    void disconnect() {
        tailnets.close();
    }

    @Test
    void aDeviceHasFewerFieldsUnlessAllAreAskedFor() {
        var all = official.run("devices.get", "id", "n000004CNTRL", "fields", "all")
                .orFail();
        assertThat(GoTypes.device(all).advertisedRoutes()).hasSize(4);
        assertThat(all.at("/distro/name").asText()).isEqualTo("debian");
        var some = official.run("devices.get", "id", "n000004CNTRL").orFail();
        assertThat(some.path("AdvertisedRoutes").isNull()).isTrue();
        assertThat(some.path("enabledRoutes").isNull()).isTrue();
        assertThat(some.path("clientConnectivity").isNull()).isTrue();
        var connected = official.run("devices.get", "id", WEB, "fields", "all").orFail();
        assertThat(connected
                        .at("/clientConnectivity/latency/Frankfurt/preferred")
                        .asBoolean())
                .isTrue();
        assertThat(official.run("devices.list", "filters", Map.of("tags", List.of("tag:web", "tag:db")))
                        .orFail())
                .hasSize(1);
    }

    @Test
    void postureAttributes() {
        var outcomes = official.run(List.of(
                call("devices.setAttribute", "id", WEB, "attribute", "custom:tier", "value", "gold"),
                call("devices.setAttribute", "id", WEB, "attribute", "custom:score", "value", 80),
                call("devices.deleteAttribute", "id", WEB, "attribute", "custom:score"),
                call("devices.attributes", "id", WEB),
                call("devices.setIPv4", "id", WEB, "ipv4", "100.80.0.1"),
                call("devices.get", "id", WEB)));
        outcomes.forEach(Outcome::orFail);
        var attributes = outcomes.get(3).result().path("attributes");
        assertThat(attributes.path("custom:tier").asText()).isEqualTo("gold");
        assertThat(attributes.has("custom:score")).isFalse();
        assertThat(attributes.path("node:os").asText()).isEqualTo("linux");
        assertThat(outcomes.get(5).result().path("addresses").get(0).asText()).isEqualTo("100.80.0.1");
        assertThat(official.run("devices.setAttribute", "id", WEB, "attribute", "node:os", "value", "x")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void dns() {
        assertThat(official.run("dns.setPreferences", "magicDNS", true).message())
                .isEqualTo("need at least one nameserver to enable MagicDNS");
        var outcomes = official.run(List.of(
                call("dns.setNameservers", "dns", List.of("1.1.1.1", "9.9.9.9")),
                call("dns.nameservers"),
                call("dns.setPreferences", "magicDNS", true),
                call("dns.preferences"),
                call("dns.setSearchPaths", "searchPaths", List.of("corp.example")),
                call("dns.searchPaths"),
                call("dns.setSplitDNS", "splitDNS", Map.of("a.example", List.of("10.0.0.1"))),
                call("dns.updateSplitDNS", "splitDNS", Map.of("b.example", List.of("10.0.0.2"))),
                call("dns.splitDNS"),
                call("dns.configuration"),
                call("dns.setConfiguration", "configuration", Map.of("preferences", Map.of("overrideLocalDNS", true))),
                call("dns.configuration")));
        outcomes.forEach(Outcome::orFail);
        assertThat(GoTypes.texts(outcomes.get(1).result())).containsExactly("1.1.1.1", "9.9.9.9");
        assertThat(outcomes.get(3).result().path("magicDNS").asBoolean()).isTrue();
        assertThat(GoTypes.texts(outcomes.get(5).result())).containsExactly("corp.example");
        assertThat(outcomes.get(8).result()).isEqualTo(outcomes.get(7).result()).hasSize(2);
        var whole = outcomes.get(9).result();
        assertThat(whole.at("/nameservers/1/address").asText()).isEqualTo("9.9.9.9");
        assertThat(whole.at("/preferences/magicDNS").asBoolean()).isTrue();
        assertThat(outcomes.get(11).result().toString()).isEqualTo("{\"preferences\":{\"overrideLocalDNS\":true}}");
    }

    @Test
    void settingsAndUsers() {
        var change =
                Map.of("devicesApprovalOn", true, "devicesKeyDurationDays", 7, "routeSelection", "regional-routing");
        var outcomes = official.run(List.of(
                call("settings.update", "settings", change),
                call("settings.get"),
                call("users.list"),
                call("users.get", "id", "u000001CNTRL"),
                call("users.get", "id", "u999999CNTRL"),
                call("services.list")));
        var settings = outcomes.get(1).orFail();
        assertThat(settings.path("devicesApprovalOn").asBoolean()).isTrue();
        assertThat(settings.path("devicesKeyDurationDays").asInt()).isEqualTo(7);
        assertThat(settings.path("regionalRoutingOn").asBoolean()).isTrue();
        var owner = outcomes.get(2).orFail().get(0);
        assertThat(owner).isEqualTo(outcomes.get(3).orFail());
        assertThat(owner.path("role").asText()).isEqualTo("owner");
        assertThat(owner.path("deviceCount").asInt()).isEqualTo(5);
        assertThat(outcomes.get(4).notFound()).isTrue();
        assertThat(outcomes.get(5).orFail()).isEmpty();
    }

    @Test
    void services() {
        var outcomes = official.run(List.of(
                call("services.set", "name", "svc:db", "ports", List.of("tcp:5432"), "tags", List.of("tag:db")),
                call("services.get", "name", "svc:db"),
                call("services.list"),
                call("services.delete", "name", "svc:db"),
                call("services.get", "name", "svc:db")));
        var service = outcomes.get(1).orFail();
        assertThat(service.path("addrs")).hasSize(2);
        assertThat(GoTypes.texts(service.path("ports"))).containsExactly("tcp:5432");
        assertThat(outcomes.get(2).orFail()).containsExactly(service);
        outcomes.get(3).orFail();
        assertThat(outcomes.get(4).notFound()).isTrue();
    }

    @Test
    void webhooks() throws Exception {
        try (var receiver = new WebhookReceiver()) {
            var made = official.run(
                            "webhooks.create",
                            "url",
                            receiver.url(),
                            "subscriptions",
                            List.of("nodeCreated", "policyUpdate"))
                    .orFail();
            var id = made.path("endpointId").asText();
            assertThat(made.path("secret").asText()).startsWith("tskey-webhook-");
            var outcomes = official.run(List.of(
                    call("webhooks.list"),
                    call("webhooks.get", "id", id),
                    call("webhooks.test", "id", id),
                    call("webhooks.update", "id", id, "subscriptions", List.of("userCreated")),
                    call("webhooks.rotate", "id", id),
                    call("webhooks.delete", "id", id),
                    call("webhooks.get", "id", id)));
            assertThat(outcomes.get(0).orFail()).containsExactly(outcomes.get(1).orFail());
            assertThat(outcomes.get(1).result().has("secret")).isFalse();
            outcomes.get(2).orFail();
            assertThat(GoTypes.texts(outcomes.get(3).orFail().path("subscriptions")))
                    .containsExactly("userCreated");
            assertThat(outcomes.get(4).orFail().path("secret").asText())
                    .startsWith("tskey-webhook-")
                    .isNotEqualTo(made.path("secret").asText());
            outcomes.get(5).orFail();
            assertThat(outcomes.get(6).notFound()).isTrue();
            assertThat(receiver.next(3))
                    .extracting(WebhookReceiver.Received::type)
                    .containsExactlyInAnyOrder("test", "webhookUpdated", "webhookDeleted");
        }
    }

    @Test
    void oauthClientsAndFederatedIdentitiesAsKeys() {
        var client = official.run(
                        "keys.createClient",
                        "description",
                        "ci",
                        "scopes",
                        List.of("auth_keys"),
                        "tags",
                        List.of("tag:op"))
                .orFail();
        var id = client.path("id").asText();
        var changed = official.run("keys.setClient", "id", id, "scopes", List.of("dns:read"))
                .orFail();
        assertThat(changed.path("keyType").asText()).isEqualTo("client");
        assertThat(GoTypes.texts(changed.path("scopes"))).containsExactly("dns:read");
        assertThat(changed.path("tags")).isEmpty();
        assertThat(changed.path("description").asText()).isEmpty();

        var authKey = official.run("keys.create", "tags", List.of("tag:web"), "expirySeconds", 60)
                .orFail();
        var refused = official.run("keys.setClient", "id", authKey.path("id").asText(), "scopes", List.of("all"));
        assertThat(refused.message()).isEqualTo("keys of type \"auth\" can not be updated");

        var federated = federatedIdentity();
        assertThat(federated.path("audience").asText())
                .isEqualTo(
                        "api.tailscale.com/T1234CNTRL-" + federated.path("id").asText());
        assertThat(federated.path("key").asText()).isEmpty();
    }

    private JsonNode federatedIdentity() {
        return official.run(
                        "keys.createFederated",
                        "issuer",
                        ISSUER,
                        "subject",
                        "system:serviceaccount:tailnet:*",
                        "scopes",
                        List.of("devices:core"),
                        "tags",
                        List.of("tag:op"),
                        "claimRules",
                        Map.of("cluster", "prod-*"))
                .orFail();
    }

    @Test
    void workloadIdentityFederation() {
        var identity = federatedIdentity();
        var issuer = SimIssuer.rsa(ISSUER);
        simulator.trustIssuer(issuer);
        var listed = withToken(identity, issuer, "system:serviceaccount:tailnet:operator", "prod-1");
        assertThat(GoTypes.devices(listed.orFail()))
                .isEqualTo(GoTypes.devices(
                        official.run("devices.list", "fields", "all").orFail()))
                .isEqualTo(tailnets.adapter().devices().list());
        assertThat(withToken(identity, issuer, "system:serviceaccount:other:operator", "prod-1")
                        .message())
                .contains("401")
                .contains("its claims are not those of the federated identity");
        assertThat(withToken(identity, issuer, "system:serviceaccount:tailnet:operator", "test-1")
                        .failed())
                .isTrue();
        assertThat(withToken(identity, SimIssuer.ec(ISSUER), "system:serviceaccount:tailnet:operator", "prod-1")
                        .message())
                .contains("its signature is not the issuer's");
    }

    private Outcome withToken(JsonNode identity, SimIssuer issuer, String subject, String cluster) {
        var token = issuer.token(
                subject,
                identity.path("audience").asText(),
                tailnets.clock.instant(),
                Duration.ofHours(1),
                claims -> claims.put("cluster", cluster));
        return tailnets.official(Map.of("TS_CLIENT_ID", identity.path("id").asText(), "TS_ID_TOKEN", token))
                .run("devices.list", "fields", "all");
    }

    @Test
    void aPolicyIsReadIntoTypes() {
        var policy = official.run("policy.get").orFail();
        assertThat(policy.at("/tagOwners").size()).isEqualTo(3);
        assertThat(GoTypes.texts(policy.at("/grants/0/ip"))).containsExactly("*");
        assertThat(Set.copyOf(GoTypes.texts(policy.at("/grants/0/src")))).containsExactly("*");
    }
}
