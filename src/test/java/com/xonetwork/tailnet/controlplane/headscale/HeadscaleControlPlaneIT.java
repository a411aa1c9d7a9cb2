package com.xonetwork.tailnet.controlplane.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.JoinKeyMark;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition.Matches;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition.NeverSet;
import com.xonetwork.tailnet.controlplane.connector.HttpControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The adapter against a real Headscale 0.29: whether the server still answers as the adapter believes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HeadscaleControlPlaneIT {

    private static final String POLICY = """
            // ours
            {
              "tagOwners": {"tag:web": ["alice@"], "tag:router": ["alice@"]},
              "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}],
            }
            """;

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static HeadscaleProcess server;
    private static ControlPlane plane;

    @BeforeAll
    static void start() throws Exception {
        server = HeadscaleProcess.start(directory);
        vertx = Vertx.vertx();
        plane = connect(server.apiKey());
        plane.detectCapabilities();
    }

    @AfterAll
    static void stop() {
        if (plane != null) {
            plane.close();
        }
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        if (server != null) {
            server.close();
        }
    }

    private static ControlPlane connect(String apiKey) {
        var rules = ConnectionRules.defaults().withPlainHttpHosts(Set.of("127.0.0.1"));
        return new HttpControlPlaneConnector(vertx, rules, Clock.systemUTC(), CallObserver.NONE)
                .connect(new ControlPlaneSettings(
                        ControlPlaneSettings.Api.HEADSCALE_V1,
                        server.url(),
                        "-",
                        new Credentials.ApiKey(apiKey),
                        null,
                        new CallBudget(100, 100)));
    }

    private static Device device(String id) {
        return plane.devices().stream()
                .filter(device -> device.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(1)
    void freshServerHasNoPolicyAndNoDevices() {
        assertThat(plane.policy()).isEmpty();
        assertThat(plane.devices()).isEmpty();
        assertThat(plane.joinKeys()).isEmpty();
        assertThatThrownBy(() -> plane.publishPolicy(POLICY, new Matches("0".repeat(64))))
                .isInstanceOf(ControlPlaneException.Conflict.class);
    }

    @Test
    @Order(2)
    void policyIsPublishedKeptWordForWordAndGuarded() {
        var first = plane.publishPolicy(POLICY, new NeverSet());

        assertThat(first.text()).isEqualTo(POLICY);
        assertThat(plane.policy()).contains(first);
        assertThatThrownBy(() -> plane.publishPolicy(POLICY, new NeverSet()))
                .isInstanceOf(ControlPlaneException.Conflict.class);
        var second = plane.publishPolicy(POLICY + "// more\n", new Matches(first.etag()));
        assertThat(plane.policy()).contains(second);
        assertThatThrownBy(() -> plane.publishPolicy(POLICY, new Matches(first.etag())))
                .isInstanceOf(ControlPlaneException.Conflict.class);
    }

    @Test
    @Order(3)
    void badPoliciesAreRefusedWithTheServersWordsAndChangeNothing() {
        var before = plane.policy().orElseThrow();
        var failing = """
                {"acls": [], "tests": [{"src": "alice@", "accept": ["100.64.0.1:22"]}]}""";

        assertThat(plane.validatePolicy(POLICY)).isEmpty();
        assertThat(plane.validatePolicy("{")).singleElement().asString().contains("line 1, column 2");
        assertThat(plane.validatePolicy("{\"nope\": 1}"))
                .singleElement()
                .asString()
                .contains("unknown field");
        assertThat(plane.validatePolicy(failing)).first().asString().startsWith("test(s) failed");
        for (var bad : new String[] {"{", "{\"nope\": 1}", failing, "", "// words", "{}"}) {
            assertThatThrownBy(() -> plane.publishPolicy(bad, new Matches(before.etag())))
                    .as(bad)
                    .isInstanceOf(ControlPlaneException.Rejected.class);
        }
        // Without the check before it, the write itself refuses as well.
        try (var unchecked = connect(server.apiKey())) {
            for (var bad : new String[] {"{", "{\"nope\": 1}", failing}) {
                assertThatThrownBy(() -> unchecked.publishPolicy(bad, new Matches(before.etag())))
                        .as(bad)
                        .isInstanceOfSatisfying(
                                ControlPlaneException.Rejected.class,
                                problem -> assertThat(problem.status()).isEqualTo(500));
            }
        }
        assertThat(plane.policy()).contains(before);
    }

    @Test
    @Order(4)
    void nodeIsNamedTaggedRoutedAndDeleted() throws Exception {
        var one = server.registerNode("one");
        var two = server.registerNode("two");
        assertThat(device(one))
                .satisfies(device -> assertThat(device.name()).isEqualTo("one"))
                .satisfies(device -> assertThat(device.user()).isEqualTo("alice"))
                .satisfies(device -> assertThat(device.addresses()).hasSize(2))
                .satisfies(device -> assertThat(device.authorized()).isTrue())
                .satisfies(device -> assertThat(device.expires()).isNull())
                .satisfies(device -> assertThat(device.created()).isAfter(Instant.EPOCH));

        plane.setName(one, "Web-1");
        assertThat(device(one).name()).isEqualTo("web-1");
        assertThat(device(one).hostname()).isEqualTo("one");
        assertRejected(() -> plane.setName(two, "web-1"));
        assertRejected(() -> plane.setName(two, "bad_name"));
        assertRejected(() -> plane.setName(two, "x".repeat(64)));
        assertNotFound(() -> plane.setName("99", "web-9"));

        plane.setTags(one, Set.of("tag:web", "tag:router"));
        assertThat(device(one).tags()).containsExactly("tag:router", "tag:web");
        assertThat(device(one).user()).isNull();
        assertRejected(() -> plane.setTags(one, Set.of()));
        assertRejected(() -> plane.setTags(one, Set.of("tag:nope")));
        assertRejected(() -> plane.setTags(one, Set.of("web")));
        assertNotFound(() -> plane.setTags("99", Set.of("tag:web")));

        assertThat(plane.setEnabledRoutes(one, Set.of("10.0.0.0/24", "0.0.0.0/0"))
                        .enabled())
                .containsExactly("0.0.0.0/0", "10.0.0.0/24", "::/0");
        assertThat(plane.routes(one).enabled()).containsExactly("0.0.0.0/0", "10.0.0.0/24", "::/0");
        assertThat(device(one).enabledRoutes()).hasSize(3);
        assertThat(plane.setEnabledRoutes(one, Set.of()).enabled()).isEmpty();
        assertRejected(() -> plane.setEnabledRoutes(one, Set.of("bad")));
        assertNotFound(() -> plane.setEnabledRoutes("99", Set.of("10.0.0.0/24")));
        assertNotFound(() -> plane.routes("99"));
        assertNotFound(() -> plane.routes("n1CNTRL"));

        plane.setKeyExpiryDisabled(one, true);
        assertThat(device(one).keyExpiryDisabled()).isTrue();
        assertThat(device(one).keyExpired(Instant.now())).isFalse();
        assertNotFound(() -> plane.setKeyExpiryDisabled("99", true));

        plane.deleteDevice(one);
        assertThatCode(() -> plane.deleteDevice(one)).doesNotThrowAnyException();
        assertThatCode(() -> plane.deleteDevice("n1CNTRL")).doesNotThrowAnyException();
        assertThat(plane.devices()).extracting(Device::id).containsExactly(two);
    }

    @Test
    @Order(5)
    void joinKeyLivesAndIsRevoked() {
        var request = new JoinKeyRequest("xo 1234", new TreeSet<>(Set.of("tag:web")), Duration.ofHours(1), true);

        var key = plane.createJoinKey(request);

        assertThat(key.secret()).startsWith("hskey-auth-");
        assertThat(key.tags()).containsExactly("tag:web");
        assertThat(key.usable()).isTrue();
        assertThat(key.expires())
                .as("an hour, less the mark's five minutes")
                .isBetween(Instant.now().plusSeconds(3290), Instant.now().plusSeconds(3600));
        assertThat(plane.joinKeys()).singleElement().satisfies(listed -> {
            assertThat(listed.id()).isEqualTo(key.id());
            assertThat(listed.secret()).isNull();
            assertThat(JoinKeyMark.isOn(listed, "xo 1234"))
                    .as("the server keeps the mark")
                    .isTrue();
            assertThat(JoinKeyMark.isOn(listed, "xo 1235")).isFalse();
            assertThat(listed.usable()).isTrue();
        });
        plane.revokeJoinKey(key.id());
        assertThat(plane.joinKeys())
                .singleElement()
                .satisfies(listed -> assertThat(listed.usable()).isFalse());
        assertThatCode(() -> plane.revokeJoinKey(key.id())).doesNotThrowAnyException();
        assertThatCode(() -> plane.revokeJoinKey("99")).doesNotThrowAnyException();
        assertRejected(() ->
                plane.createJoinKey(new JoinKeyRequest("", new TreeSet<>(Set.of("web")), Duration.ofHours(1), false)));
        assertRejected(() -> plane.createJoinKey(new JoinKeyRequest("", new TreeSet<>(), Duration.ofHours(1), false)));
    }

    @Test
    @Order(6)
    void capabilitiesAndCredentials() {
        assertThat(plane.capabilities())
                .contains(Capability.POLICY_VALIDATE, Capability.KEY_EXPIRY_DISABLE, Capability.ROUTES)
                .doesNotContain(
                        Capability.DEVICE_APPROVAL,
                        Capability.KEY_EXPIRY_ENABLE,
                        Capability.POLICY_ATOMIC_WRITE,
                        Capability.DNS);
        try (var stranger = connect("hskey-api-wrong-key")) {
            assertThatThrownBy(stranger::detectCapabilities).isInstanceOf(ControlPlaneException.Unauthorized.class);
            assertThatThrownBy(stranger::devices).isInstanceOf(ControlPlaneException.Unauthorized.class);
        }
    }

    private static void assertRejected(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(ControlPlaneException.Rejected.class);
    }

    private static void assertNotFound(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(ControlPlaneException.NotFound.class);
    }
}
