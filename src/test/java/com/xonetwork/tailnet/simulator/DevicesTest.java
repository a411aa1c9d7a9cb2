package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevicesTest {

    private static final Instant START = Instant.parse("2026-06-01T10:00:00Z");
    private static final String TAGS = """
            {"tagOwners": {"tag:web": [], "tag:db": [], "tag:operator": [], "tag:owned": ["tag:operator"]}}
            """;

    private final ManualClock clock = new ManualClock(START);
    private final TailnetSimulator simulator = new TailnetSimulator(Profile.SAAS, clock);
    private Api api;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "all");
        simulator.setPolicyByHand(TAGS);
        api = new Api(simulator, "key");
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    @Test
    void whatIsFalseOrEmptyIsLeftOut() throws Exception {
        simulator.addDevice(SimDevice.named("plain").authorized(false).connected(false));
        var device =
                api.get("/tailnet/-/devices?fields=all").json().path("devices").get(0);
        for (var absent : new String[] {
            "authorized",
            "connectedToControl",
            "keyExpiryDisabled",
            "isExternal",
            "isEphemeral",
            "tags",
            "lastSeen",
            "advertisedRoutes",
            "enabledRoutes"
        }) {
            assertThat(device.has(absent)).as(absent).isFalse();
        }
        assertThat(device.path("name").asText()).isEqualTo("plain.tailfe8c.ts.net");
        assertThat(device.path("created").asText()).isEqualTo("2026-06-01T10:00:00Z");
    }

    @Test
    void routesComeOnlyWithAllFields() throws Exception {
        var device = simulator.addDevice(SimDevice.named("router")
                .advertisedRoutes("10.0.0.0/8")
                .enabledRoutes("10.0.0.0/8")
                .tags("tag:web"));
        var some = api.get("/tailnet/-/devices").json().path("devices").get(0);
        assertThat(some.has("advertisedRoutes")).isFalse();
        assertThat(some.path("tags").get(0).asText()).isEqualTo("tag:web");
        var all = api.get("/device/" + device.legacyId() + "?fields=all").json();
        assertThat(all.path("advertisedRoutes").get(0).asText()).isEqualTo("10.0.0.0/8");
        assertThat(all.path("nodeId").asText()).isEqualTo(device.nodeId());
    }

    @Test
    void lastSeenIsShownOnlyWhileNotConnected() throws Exception {
        var id = simulator.addDevice(SimDevice.named("web")).nodeId();
        clock.advance(Duration.ofMinutes(5));
        simulator.offline(id);
        assertThat(api.get("/device/" + id).json().path("lastSeen").asText()).isEqualTo("2026-06-01T10:05:00Z");
        simulator.online(id);
        assertThat(api.get("/device/" + id).json().has("lastSeen")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "hostname=web, 1",
        "tags=tag:web, 2",
        "tags=tag:web&tags=tag:db, 1",
        "tags=tag:web&hostname=web, 1",
        "isEphemeral=true, 1",
        "isEphemeral=false, 2",
        "hostname=we, 0",
        "nonsense=1, 0"
    })
    void filtersAreExactAndAllMustHold(String query, int expected) throws Exception {
        simulator.addDevice(SimDevice.named("web").tags("tag:web"));
        simulator.addDevice(SimDevice.named("both").tags("tag:web", "tag:db"));
        simulator.addDevice(SimDevice.named("short-lived").ephemeral(true));
        assertThat(api.get("/tailnet/-/devices?" + query).json().path("devices"))
                .hasSize(expected);
    }

    @Test
    void tagsAreReplacedAsAWhole() throws Exception {
        var id = simulator.addDevice(SimDevice.named("web").tags("tag:web")).nodeId();
        assertThat(api.post("/device/" + id + "/tags", "{\"tags\":[\"tag:db\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(simulator.device(id).orElseThrow().tags()).containsExactly("tag:db");
    }

    @Test
    void onlyTagsOfThePolicyNowInForceCanBeSet() throws Exception {
        var id = simulator.addDevice(SimDevice.named("web")).nodeId();
        var body = "{\"tags\":[\"tag:web\",\"tag:none\"]}";
        var refusal = api.post("/device/" + id + "/tags", body);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo("requested tags [tag:web tag:none] are invalid or not permitted");
        simulator.setPolicyByHand("{\"tagOwners\": {\"tag:web\": [], \"tag:none\": []}}");
        assertThat(api.post("/device/" + id + "/tags", body).status()).isEqualTo(200);
        assertThat(simulator.device(id).orElseThrow().user()).isEqualTo("tagged-devices");
    }

    @Test
    void aTaggedDeviceCannotBeUntagged() throws Exception {
        var id = simulator.addDevice(SimDevice.named("web").tags("tag:web")).nodeId();
        var refusal = api.post("/device/" + id + "/tags", "{\"tags\":[]}");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo("tagged nodes cannot be untagged without reauth");
    }

    @Test
    void anOAuthClientWithTagsHandsOutOnlyThoseAndWhatTheyOwn() throws Exception {
        var id = simulator.addDevice(SimDevice.named("web")).nodeId();
        simulator.addOAuthClient("c", "tskey-client-c-x", Scopes.of("devices:core"), Set.of("tag:operator"));
        var token = api.token(Map.of("client_secret", "tskey-client-c-x"))
                .json()
                .path("access_token")
                .asText();
        try (var client = new Api(simulator, token)) {
            assertThat(client.post("/device/" + id + "/tags", "{\"tags\":[\"tag:web\"]}")
                            .status())
                    .isEqualTo(400);
            assertThat(client.post("/device/" + id + "/tags", "{\"tags\":[\"tag:owned\"]}")
                            .status())
                    .isEqualTo(200);
            assertThat(client.post("/device/" + id + "/tags", "{\"tags\":[\"tag:operator\"]}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"Web_1, web-1", "a.b., a-b", "db.tailfe8c.ts.net, db", "db, db", "'', web"})
    void namesAreNormalised(String given, String name) throws Exception {
        var id = simulator.addDevice(SimDevice.named("web").name("first")).nodeId();
        assertThat(api.post("/device/" + id + "/name", "{\"name\":\"" + given + "\"}")
                        .status())
                .isEqualTo(200);
        var device = simulator.device(id).orElseThrow();
        assertThat(device.name()).isEqualTo(name);
        assertThat(device.hostname()).isEqualTo("web");
    }

    @Test
    void aNameHasOneDevice() throws Exception {
        simulator.addDevice(SimDevice.named("web"));
        var second = simulator.addDevice(SimDevice.named("web"));
        assertThat(second.name()).isEqualTo("web-1");
        var refusal = api.post("/device/" + second.nodeId() + "/name", "{\"name\":\"WEB\"}");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo("name \"web\" is already taken");
        assertThat(api.post("/device/" + second.nodeId() + "/name", "{\"name\":\"web-1\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void routesAreReplacedAsAWholeAndNeedNoAdvertisement() throws Exception {
        var id = simulator
                .addDevice(SimDevice.named("router").enabledRoutes("10.0.0.0/8"))
                .nodeId();
        var reply = api.post("/device/" + id + "/routes", "{\"routes\":[\"192.168.0.0/16\",\"::/0\"]}");
        assertThat(reply.body()).isEqualTo("{\"enabledRoutes\":[\"192.168.0.0/16\",\"::/0\"]}");
        assertThat(api.post("/device/" + id + "/routes", "{\"routes\":[\"nonsense\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(api.post("/device/" + id + "/routes", "{\"routes\":[]}").status())
                .isEqualTo(200);
        assertThat(api.get("/device/" + id + "/routes").body()).isEqualTo("{}");
    }

    @Test
    void autoApproversActWhenTheDeviceAdvertises() {
        var id = simulator.addDevice(SimDevice.named("router").tags("tag:web")).nodeId();
        simulator.setPolicyByHand(
                "{\"autoApprovers\": {\"routes\": {\"10.0.0.0/8\": [\"tag:web\"]}, \"exitNode\": [\"tag:db\"]}}");
        simulator.advertise(id, "10.1.0.0/16", "192.168.0.0/24", "0.0.0.0/0");
        var device = simulator.device(id).orElseThrow();
        assertThat(device.advertisedRoutes()).hasSize(3);
        assertThat(device.enabledRoutes()).containsExactly("10.1.0.0/16");
    }

    @Test
    void authorizationAndKeyExpiryAreSwitched() throws Exception {
        var id = simulator.addDevice(SimDevice.named("web").authorized(false)).nodeId();
        api.post("/device/" + id + "/authorized", "{\"authorized\":true}");
        api.post("/device/" + id + "/key", "{\"keyExpiryDisabled\":true}");
        var device = api.get("/device/" + id).json();
        assertThat(device.path("authorized").asBoolean()).isTrue();
        assertThat(device.path("keyExpiryDisabled").asBoolean()).isTrue();
        assertThat(device.path("expires").asText()).isEqualTo("2026-11-28T10:00:00Z");
        api.post("/device/" + id + "/authorized", "{\"authorized\":false}");
        assertThat(simulator.device(id).orElseThrow().authorized()).isFalse();
        assertThat(api.post("/device/" + id + "/authorized", "{}").status()).isEqualTo(400);
        assertThat(api.post("/device/" + id + "/key", "not json").status()).isEqualTo(400);
    }

    @Test
    void expiringTwiceChangesNothing() throws Exception {
        var id = simulator.addDevice(SimDevice.named("web")).nodeId();
        api.post("/device/" + id + "/expire", "");
        clock.advance(Duration.ofMinutes(1));
        api.post("/device/" + id + "/expire", "");
        assertThat(simulator.device(id).orElseThrow().expires()).isEqualTo(START);
    }

    @Test
    void aDeletedDeviceIsGone() throws Exception {
        var id = simulator.addDevice(SimDevice.named("web")).nodeId();
        assertThat(api.delete("/device/" + id).status()).isEqualTo(200);
        assertThat(api.delete("/device/" + id).status()).isEqualTo(404);
        assertThat(simulator.addDevice(SimDevice.named("web")).nodeId()).isNotEqualTo(id);
    }

    @Test
    void aSharedDeviceCanBeSeenButNotChanged() throws Exception {
        var id = simulator.addDevice(SimDevice.named("theirs").external(true)).nodeId();
        assertThat(api.get("/device/" + id).json().path("created").asText("none"))
                .isEmpty();
        assertThat(api.delete("/device/" + id).status()).isEqualTo(501);
        assertThat(api.post("/device/" + id + "/expire", "").status()).isEqualTo(404);
    }

    @Test
    void whatIsDoneByHandIsInNoLedger() {
        var id = simulator.addDevice(SimDevice.named("web")).nodeId();
        simulator.renameByHand(id, "other");
        simulator.setTagsByHand(id, "tag:undeclared");
        simulator.expire(id);
        simulator.deleteByHand(id);
        assertThat(simulator.devices()).isEmpty();
        assertThat(simulator.ledger().calls()).isEmpty();
        assertThatThrownBy(() -> simulator.online(id)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void headscaleRefusesOrIgnoresSomeWrites() throws Exception {
        try (var minimal = new TailnetSimulator(Profile.MINIMAL, clock).start();
                var headscale = new Api(minimal, "key")) {
            minimal.addApiKey("key", "all");
            var id = minimal.addDevice(SimDevice.named("web").tags("tag:web").keyExpiryDisabled(true))
                    .nodeId();
            assertThat(headscale
                            .post("/device/" + id + "/authorized", "{\"authorized\":false}")
                            .status())
                    .isEqualTo(400);
            headscale.post("/device/" + id + "/tags", "{\"tags\":[]}");
            headscale.post("/device/" + id + "/key", "{\"keyExpiryDisabled\":false}");
            var device = minimal.device(id).orElseThrow();
            assertThat(device.tags()).containsExactly("tag:web");
            assertThat(device.keyExpiryDisabled()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "100.80.0.1, 200",
        "100.65.0.2, 400",
        "100.100.100.100, 400",
        "100.115.92.9, 400",
        "10.0.0.1, 400",
        "nonsense, 400",
        "'', 400"
    })
    void anAddressIsTailscalesAndFree(String address, int status) throws Exception {
        var id = simulator.addDevice(SimDevice.named("web")).nodeId();
        simulator.addDevice(SimDevice.named("db"));
        var reply = api.post("/device/" + id + "/ip", "{\"ipv4\":\"" + address + "\"}");
        assertThat(reply.status()).isEqualTo(status);
        assertThat(simulator.device(id).orElseThrow().addresses())
                .containsExactly(status == 200 ? address : "100.65.0.1", "fd7a:115c:a1e0::0:1");
    }

    @Test
    void theNameOfADeletedDeviceStaysTakenForAWhile() throws Exception {
        simulator.reserveNamesOfDeletedDevices(Duration.ofMinutes(10));
        simulator.deleteByHand(simulator.addDevice(SimDevice.named("web")).nodeId());
        var other = simulator.addDevice(SimDevice.named("web"));
        assertThat(other.name()).isEqualTo("web-1");
        var rename = "/device/" + other.nodeId() + "/name";
        assertThat(api.post(rename, "{\"name\":\"web\"}").message()).isEqualTo("name \"web\" is already taken");
        clock.advance(Duration.ofMinutes(10));
        assertThat(api.post(rename, "{\"name\":\"web\"}").status()).isEqualTo(200);
    }

    @Test
    void aListIsWrittenAnewWhereADeviceChanged() throws Exception {
        simulator.addDevices(3);
        var before = api.get("/tailnet/-/devices?fields=all").json();
        simulator.updateDevice("n000002CNTRL", device -> device.hostname("changed"));
        var after = api.get("/tailnet/-/devices?fields=all").json().path("devices");
        assertThat(after.get(0)).isEqualTo(before.at("/devices/0"));
        assertThat(after.get(1).path("hostname").asText()).isEqualTo("changed");
        assertThat(after).hasSize(3);
        assertThat(api.get("/tailnet/-/devices")
                        .json()
                        .at("/devices/1/hostname")
                        .asText())
                .isEqualTo("changed");
    }
}
