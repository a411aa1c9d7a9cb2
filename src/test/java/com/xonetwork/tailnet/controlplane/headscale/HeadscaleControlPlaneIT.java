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
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.PolicyFile;
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
        return plane.devices().list().stream()
                .filter(device -> device.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(1)
    void freshServerHasNoPolicyAndNoDevices() {
        assertThat(plane.require(PolicyFile.class).read()).isEmpty();
        assertThat(plane.devices().list()).isEmpty();
        assertThat(plane.require(JoinKeys.class).list()).isEmpty();
        assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(POLICY, new Matches("0".repeat(64))))
                .isInstanceOf(ControlPlaneException.Conflict.class);
    }

    @Test
    @Order(2)
    void policyIsPublishedKeptWordForWordAndGuarded() {
        var first = plane.require(PolicyFile.class).publish(POLICY, new NeverSet());

        assertThat(first.text()).isEqualTo(POLICY);
        assertThat(plane.require(PolicyFile.class).read()).contains(first);
        assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(POLICY, new NeverSet()))
                .isInstanceOf(ControlPlaneException.Conflict.class);
        var second = plane.require(PolicyFile.class).publish(POLICY + "// more\n", new Matches(first.etag()));
        assertThat(plane.require(PolicyFile.class).read()).contains(second);
        assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(POLICY, new Matches(first.etag())))
                .isInstanceOf(ControlPlaneException.Conflict.class);
    }

    @Test
    @Order(3)
    void badPoliciesAreRefusedWithTheServersWordsAndChangeNothing() {
        var before = plane.require(PolicyFile.class).read().orElseThrow();
        var failing = """
                {"acls": [], "tests": [{"src": "alice@", "accept": ["100.64.0.1:22"]}]}""";

        assertThat(plane.require(PolicyFile.class).validate(POLICY)).isEmpty();
        assertThat(plane.require(PolicyFile.class).validate("{"))
                .singleElement()
                .asString()
                .contains("line 1, column 2");
        assertThat(plane.require(PolicyFile.class).validate("{\"nope\": 1}"))
                .singleElement()
                .asString()
                .contains("unknown field");
        assertThat(plane.require(PolicyFile.class).validate(failing))
                .first()
                .asString()
                .startsWith("test(s) failed");
        for (var bad : new String[] {"{", "{\"nope\": 1}", failing, "", "// words", "{}"}) {
            assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(bad, new Matches(before.etag())))
                    .as(bad)
                    .isInstanceOf(ControlPlaneException.Rejected.class);
        }
        // Without the check before it, the write itself refuses as well.
        try (var unchecked = connect(server.apiKey())) {
            for (var bad : new String[] {"{", "{\"nope\": 1}", failing}) {
                assertThatThrownBy(() -> unchecked.require(PolicyFile.class).publish(bad, new Matches(before.etag())))
                        .as(bad)
                        .isInstanceOfSatisfying(
                                ControlPlaneException.Rejected.class,
                                problem -> assertThat(problem.status()).isEqualTo(500));
            }
        }
        assertThat(plane.require(PolicyFile.class).read()).contains(before);
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

        plane.devices().setName(one, "Web-1");
        assertThat(device(one).name()).isEqualTo("web-1");
        assertThat(device(one).hostname()).isEqualTo("one");
        assertRejected(() -> plane.devices().setName(two, "web-1"));
        assertRejected(() -> plane.devices().setName(two, "bad_name"));
        assertRejected(() -> plane.devices().setName(two, "x".repeat(64)));
        assertNotFound(() -> plane.devices().setName("99", "web-9"));

        plane.devices().setTags(one, Set.of("tag:web", "tag:router"));
        assertThat(device(one).tags()).containsExactly("tag:router", "tag:web");
        assertThat(device(one).user()).isNull();
        assertRejected(() -> plane.devices().setTags(one, Set.of()));
        assertRejected(() -> plane.devices().setTags(one, Set.of("tag:nope")));
        assertRejected(() -> plane.devices().setTags(one, Set.of("web")));
        assertNotFound(() -> plane.devices().setTags("99", Set.of("tag:web")));

        assertThat(plane.devices()
                        .setEnabledRoutes(one, Set.of("10.0.0.0/24", "0.0.0.0/0"))
                        .enabled())
                .containsExactly("0.0.0.0/0", "10.0.0.0/24", "::/0");
        assertThat(device(one).enabledRoutes()).containsExactly("0.0.0.0/0", "10.0.0.0/24", "::/0");
        assertThat(plane.devices().setEnabledRoutes(one, Set.of()).enabled()).isEmpty();
        assertRejected(() -> plane.devices().setEnabledRoutes(one, Set.of("bad")));
        assertNotFound(() -> plane.devices().setEnabledRoutes("99", Set.of("10.0.0.0/24")));
        assertNotFound(() -> plane.devices().setEnabledRoutes("n1CNTRL", Set.of("10.0.0.0/24")));

        plane.devices().setKeyExpiryDisabled(one, true);
        assertThat(device(one).keyExpiryDisabled()).isTrue();
        assertThat(device(one).keyExpired(Instant.now())).isFalse();
        assertNotFound(() -> plane.devices().setKeyExpiryDisabled("99", true));

        plane.devices().delete(one);
        assertThatCode(() -> plane.devices().delete(one)).doesNotThrowAnyException();
        assertThatCode(() -> plane.devices().delete("n1CNTRL")).doesNotThrowAnyException();
        assertThat(plane.devices().list()).extracting(Device::id).containsExactly(two);
    }

    @Test
    @Order(5)
    void joinKeyLivesAndIsRevoked() {
        var request = new JoinKeyRequest("xo 1234", new TreeSet<>(Set.of("tag:web")), Duration.ofHours(1));

        var key = plane.require(JoinKeys.class).create(request);

        assertThat(key.secret()).startsWith("hskey-auth-");
        assertThat(key.tags()).containsExactly("tag:web");
        assertThat(key.usable()).isTrue();
        assertThat(key.expires())
                .as("an hour, less the mark's five minutes")
                .isBetween(Instant.now().plusSeconds(3290), Instant.now().plusSeconds(3600));
        assertThat(plane.require(JoinKeys.class).list()).singleElement().satisfies(listed -> {
            assertThat(listed.id()).isEqualTo(key.id());
            assertThat(listed.secret()).isNull();
            assertThat(JoinKeyMark.isOn(listed, "xo 1234"))
                    .as("the server keeps the mark")
                    .isTrue();
            assertThat(JoinKeyMark.isOn(listed, "xo 1235")).isFalse();
            assertThat(listed.usable()).isTrue();
        });
        plane.require(JoinKeys.class).revoke(key.id());
        assertThat(plane.require(JoinKeys.class).list())
                .singleElement()
                .satisfies(listed -> assertThat(listed.usable()).isFalse());
        assertThatCode(() -> plane.require(JoinKeys.class).revoke(key.id())).doesNotThrowAnyException();
        assertThatCode(() -> plane.require(JoinKeys.class).revoke("99")).doesNotThrowAnyException();
        assertRejected(() -> plane.require(JoinKeys.class)
                .create(new JoinKeyRequest("", new TreeSet<>(Set.of("web")), Duration.ofHours(1))));
        assertRejected(() ->
                plane.require(JoinKeys.class).create(new JoinKeyRequest("", new TreeSet<>(), Duration.ofHours(1))));
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
            assertThatThrownBy(() -> stranger.devices().list()).isInstanceOf(ControlPlaneException.Unauthorized.class);
        }
    }

    private static void assertRejected(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(ControlPlaneException.Rejected.class);
    }

    private static void assertNotFound(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(ControlPlaneException.NotFound.class);
    }
}
