package com.xonetwork.tailnet.controlplane.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.JoinKeyMark;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Received;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers are those of a live Headscale 0.29.1; see {@link HeadscaleControlPlaneIT} for the real thing. */
class HeadscaleControlPlaneTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T10:00:00.123Z"), ZoneOffset.UTC);
    private static final String POLICY = "// ours\n{\"acls\": [],}\n";
    private static final String DESCRIPTION = """
            {"swagger":"2.0","paths":{"/api/v1/policy/check":{"post":{}},
             "/api/v1/node/{nodeId}/expire":{"post":{"parameters":[{"name":"nodeId"},{"name":"disableExpiry"}]}}}}""";
    private static final Set<Capability> ALWAYS = Set.of(
            Capability.DEVICE_TAGS, Capability.DEVICE_NAME, Capability.ROUTES, Capability.JOIN_KEYS, Capability.POLICY);
    private static final String NODE = """
            {"node":{"id":"2","name":"routey","user":null,"lastSeen":"2026-11-24T09:00:47.923630Z","expiry":null,"preAuthKey":null,
             "givenName":"routey","online":true,"approvedRoutes":["0.0.0.0/0","192.168.7.0/24","::/0"],
             "availableRoutes":["0.0.0.0/0","::/0","192.168.7.0/24"],"subnetRoutes":["192.168.7.0/24"],"tags":["tag:x"]}}""";

    @RegisterExtension
    final StubServer stub = new StubServer();

    private HeadscaleAdapter plane;

    @BeforeEach
    void connect() {
        var rules = ConnectionRules.defaults().withPlainHttpHosts(Set.of("127.0.0.1"));
        var core = new HttpCore(stub.vertx(), rules, CLOCK, CallObserver.NONE);
        plane = new HeadscaleAdapter(core, Settings.headscale(stub.url()), CLOCK);
    }

    @AfterEach
    void close() {
        plane.close();
    }

    private void detect(String description) {
        stub.behaves(request -> request.path().equals("/api/v1/health")
                ? Reply.json("{\"databaseConnectivity\":true}")
                : Reply.json(description));
        plane.detectCapabilities();
    }

    private void answer(String json) {
        stub.forget();
        stub.answers(Reply.json(json));
    }

    private void assertAsked(String line, String body) {
        assertThat(stub.received()).hasSize(1);
        assertThat(stub.last().line()).isEqualTo(line);
        assertThat(stub.last().body()).isEqualTo(body);
        assertThat(stub.last().headers()).containsEntry("authorization", "Bearer " + Settings.API_KEY);
    }

    private static Reply error(int status, int code, String message) {
        return Reply.json(status, "{\"code\":" + code + ", \"message\":\"" + message + "\", \"details\":[]}");
    }

    @Test
    void nodesBecomeDevices() {
        answer("""
                {"nodes":[{"id":"2","machineKey":"mkey:1","name":"Routey","givenName":"routey",
                 "ipAddresses":["100.64.0.2","fd7a:115c:a1e0::2"],"user":{"id":"2147455555","name":"tagged-devices"},
                 "lastSeen":"2026-11-24T09:00:44.9Z","expiry":null,"preAuthKey":{"id":"3","ephemeral":true,"used":true},
                 "createdAt":"2026-11-24T08:00:42Z","registerMethod":"REGISTER_METHOD_AUTH_KEY","online":true,
                 "approvedRoutes":["0.0.0.0/0","::/0"],"availableRoutes":["0.0.0.0/0","::/0","192.168.7.0/24"],
                 "subnetRoutes":[],"tags":["tag:x"]},
                 {"id":"3","name":"lap","givenName":"","user":{"name":"alice"},"expiry":"0001-01-01T00:00:00Z",
                 "lastSeen":"2026-11-24T09:00:00Z","online":false,"tags":[]},
                 {"id":"4","name":"old","givenName":"old","expiry":"2026-11-24T09:30:00Z","online":true}]}""");

        var devices = plane.devices().list();

        assertThat(devices.getFirst())
                .isEqualTo(new Device(
                        "2",
                        null,
                        "routey",
                        "Routey",
                        List.of("100.64.0.2", "fd7a:115c:a1e0::2"),
                        "",
                        new TreeSet<>(Set.of("tag:x")),
                        null,
                        true,
                        true,
                        true,
                        null,
                        null,
                        Instant.parse("2026-11-24T08:00:42Z"),
                        false,
                        true,
                        new TreeSet<>(Set.of("0.0.0.0/0", "::/0", "192.168.7.0/24")),
                        new TreeSet<>(Set.of("0.0.0.0/0", "::/0")),
                        new TreeSet<>()));
        assertThat(devices.get(1))
                .satisfies(device -> assertThat(device.user()).isEqualTo("alice"))
                .satisfies(device -> assertThat(device.name()).isEqualTo("lap"))
                .satisfies(device -> assertThat(device.keyExpiryDisabled()).isTrue())
                .satisfies(device -> assertThat(device.lastSeen()).isNotNull());
        assertThat(devices.get(2).keyExpiryDisabled()).isFalse();
        assertThat(devices.get(2).keyExpired(CLOCK.instant())).isTrue();
        assertAsked("GET /api/v1/node", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "null", "[]", "", "{\"nodes\":null}", "{\"nodes\":[null]}", "{\"nodes\":[{}]}", "<html>"})
    void listThatIsNotAListIsNeverAnEmptyList(String body) {
        answer(body);
        var problem = catchThrowableOfType(
                ControlPlaneException.Unavailable.class, () -> plane.devices().list());
        assertThat(problem.status()).isEqualTo(200);
        answer("{\"nodes\":[]}");
        assertThat(plane.devices().list()).isEmpty();
    }

    @Test
    void deviceWrites() {
        detect(DESCRIPTION);
        answer(NODE);
        plane.devices().setTags("2", Set.of("tag:y", "tag:x"));
        assertAsked("POST /api/v1/node/2/tags", "{\"tags\":[\"tag:x\",\"tag:y\"]}");
        answer(NODE);
        plane.devices().setName("2", "Web-1");
        assertAsked("POST /api/v1/node/2/rename/web-1", "");
        answer(NODE);
        plane.devices().setKeyExpiryDisabled("2", true);
        assertAsked("POST /api/v1/node/2/expire?disableExpiry=true", "");
        answer(NODE);
        var routes = plane.devices().setEnabledRoutes("2", Set.of("192.168.7.0/24", "0.0.0.0/0"));
        assertThat(routes.advertised()).containsExactly("0.0.0.0/0", "192.168.7.0/24", "::/0");
        assertThat(routes.enabled()).containsExactly("0.0.0.0/0", "192.168.7.0/24", "::/0");
        assertAsked("POST /api/v1/node/2/approve_routes", "{\"routes\":[\"0.0.0.0/0\",\"192.168.7.0/24\"]}");
        answer("{}");
        plane.devices().delete("2");
        assertAsked("DELETE /api/v1/node/2", "");
        answer("{}");
        assertThatThrownBy(() -> plane.devices().setEnabledRoutes("2", Set.of()))
                .isInstanceOf(ControlPlaneException.Unavailable.class);
    }

    @Test
    void nodeThatExpiresAfterAllIsNoticed() {
        detect(DESCRIPTION);
        answer("{\"node\":{\"id\":\"2\",\"expiry\":\"2026-11-24T10:00:00Z\"}}");
        assertThatThrownBy(() -> plane.devices().setKeyExpiryDisabled("2", true))
                .isInstanceOf(ControlPlaneException.Unavailable.class);
    }

    @Test
    void whatHeadscaleLacksIsRefusedBeforeTheCall() {
        assertThatThrownBy(() -> plane.devices().setAuthorized("2", false))
                .isInstanceOfSatisfying(
                        ControlPlaneException.NotSupported.class,
                        problem -> assertThat(problem.capability()).isEqualTo(Capability.DEVICE_APPROVAL));
        assertThatThrownBy(() -> plane.devices().setKeyExpiryDisabled("2", false))
                .isInstanceOfSatisfying(
                        ControlPlaneException.NotSupported.class,
                        problem -> assertThat(problem.capability()).isEqualTo(Capability.KEY_EXPIRY_ENABLE));
        assertThatThrownBy(() -> plane.devices().setKeyExpiryDisabled("2", true))
                .as("not known yet to be more than an immediate expiry")
                .isInstanceOf(ControlPlaneException.NotSupported.class);
        assertThatThrownBy(() -> plane.require(PolicyFile.class).validate(POLICY))
                .isInstanceOf(ControlPlaneException.NotSupported.class);
        assertThatThrownBy(() -> plane.devices().setName("2", "a/b"))
                .isInstanceOf(ControlPlaneException.Rejected.class);
        plane.devices().setAuthorized("2", true);
        plane.require(JoinKeys.class).revoke("not-a-number");
        assertThat(stub.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404|5|node not found|NotFound",
                "500|2|node no longer exists in NodeStore: 99|NotFound",
                "400|3|node no longer exists in NodeStore: 99|NotFound",
                "400|3|type mismatch, parameter: node_id, error: strconv.ParseUint|NotFound",
                "400|3|requested tags [tag:nope] are invalid or not permitted|Rejected",
                "400|3|cannot remove all tags from a node - tagged nodes must have at least one tag|Rejected",
                "500|2|tag must start with the string 'tag:'|Rejected",
                "500|2|database is locked|Unavailable",
                "404|5|Not Found|Unavailable",
                "503|14|service unavailable|Unavailable",
            })
    void messagesDecideForTags(int status, int code, String message, String kind) {
        assertProblem(error(status, code, message), kind, () -> plane.devices().setTags("9", Set.of("tag:x")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500|2|node name is not unique: one|Rejected",
                "500|2|renaming node: 'Bad_Name' is not a valid DNS label: contains invalid character '_'|Rejected",
                "500|2|node no longer exists in NodeStore: 99|NotFound",
                "500|2|renaming node: sql: database is closed|Unavailable",
            })
    void messagesDecideForNames(int status, int code, String message, String kind) {
        assertProblem(error(status, code, message), kind, () -> plane.devices().setName("9", "one"));
    }

    @Test
    void messagesDecideForOthers() {
        assertProblem(
                error(500, 2, "parsing route: netip.ParsePrefix(bad): no '/'"),
                "Rejected",
                () -> plane.devices().setEnabledRoutes("9", Set.of("bad")));
        assertProblem(
                error(500, 2, "something broke"),
                "Unavailable",
                () -> plane.devices().setEnabledRoutes("9", Set.of("10.0.0.0/8")));
        assertProblem(
                Reply.of(401, "Unauthorized").with("Content-Type", "text/plain"),
                "Unauthorized",
                () -> plane.devices().list());
        assertProblem(
                error(500, 2, "auth-key must be either tagged or owned by user"),
                "Rejected",
                () -> plane.require(JoinKeys.class)
                        .create(new JoinKeyRequest("", new TreeSet<>(), Duration.ofHours(1))));
    }

    private void assertProblem(Reply reply, String kind, Runnable call) {
        stub.forget();
        stub.answers(reply);
        var problem = catchThrowableOfType(ControlPlaneException.class, call::run);
        assertThat(problem.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(problem.status()).isEqualTo(reply.status());
        long expected = reply.status() == 503 ? 3 : 1;
        assertThat(stub.received()).as("a refusal is not repeated").hasSize((int) expected);
    }

    @Test
    void deletingWhatIsGoneIsASuccess() {
        stub.answers(error(404, 5, "node not found"));
        assertThatCode(() -> plane.devices().delete("2")).doesNotThrowAnyException();
        stub.answers(Reply.html(404));
        assertThatThrownBy(() -> plane.devices().delete("2")).isInstanceOf(ControlPlaneException.Unavailable.class);
    }

    @Test
    void joinKeyAlwaysCarriesItsExpiry() {
        answer("""
                {"preAuthKey":{"user":null,"id":"1","key":"hskey-auth-W4jkQ4i_o-T4-secret","reusable":false,"ephemeral":true,
                 "used":false,"expiration":"2026-11-24T11:00:00Z","aclTags":["tag:x"]}}""");

        var key = plane.require(JoinKeys.class)
                .create(new JoinKeyRequest("", new TreeSet<>(Set.of("tag:x")), Duration.ofHours(1)));

        assertAsked(
                "POST /api/v1/preauthkey",
                "{\"reusable\":false,\"ephemeral\":false,\"expiration\":\"2026-11-24T11:00:00Z\",\"aclTags\":[\"tag:x\"]}");
        assertThat(key.secret()).isEqualTo("hskey-auth-W4jkQ4i_o-T4-secret");
        assertThat(key.description()).isEmpty();
        assertThat(key.usable()).isTrue();
        answer("{\"preAuthKey\":{\"id\":\"1\"}}");
        assertThatThrownBy(() -> plane.require(JoinKeys.class)
                        .create(new JoinKeyRequest("", new TreeSet<>(), Duration.ofHours(1))))
                .isInstanceOf(ControlPlaneException.Unavailable.class);
    }

    /** The server drops descriptions: the mark goes into the expiry, and comes back with the list. */
    @Test
    void aDescriptionBecomesAMarkInTheExpiry() {
        var marked = JoinKeyMark.expiry("xo 1234", CLOCK.instant().plus(Duration.ofHours(1)));
        answer("{\"preAuthKey\":{\"id\":\"1\",\"key\":\"hskey-auth-a-b\",\"expiration\":\"" + marked + "\"}}");

        var key = plane.require(JoinKeys.class)
                .create(new JoinKeyRequest("xo 1234", new TreeSet<>(Set.of("tag:x")), Duration.ofHours(1)));

        assertAsked(
                "POST /api/v1/preauthkey",
                "{\"reusable\":false,\"ephemeral\":false,\"expiration\":\"" + marked + "\",\"aclTags\":[\"tag:x\"]}");
        assertThat(JoinKeyMark.isOn(key, "xo 1234")).isTrue();
        assertThat(JoinKeyMark.isOn(key, "xo 1235")).isFalse();
    }

    /** The server takes a time, not a duration: by a clock that is behind the key would be over when it is made. */
    @ParameterizedTest
    @CsvSource({
        "'Tue, 24 Nov 2026 09:50:00 GMT',false,2026-11-24T10:50:00Z",
        "'Tue, 24 Nov 2026 11:30:00 GMT',true,2026-11-24T12:30:00Z"
    })
    void keysEndByTheServersClock(String date, boolean tenIsOver, Instant ends) {
        stub.answers(Reply.json("{\"preAuthKeys\":[]}").with("Date", date));
        plane.require(JoinKeys.class).list();
        assertThat(plane.clockSkew()).isPresent();

        stub.answers(Reply.json("{\"preAuthKey\":{\"id\":\"1\",\"key\":\"hskey-auth-a-b\"}}")
                .with("Date", date));
        plane.require(JoinKeys.class)
                .create(new JoinKeyRequest("", new TreeSet<>(Set.of("tag:x")), Duration.ofHours(1)));
        var sent = Instant.parse(stub.received().getLast().body().replaceAll(".*\"expiration\":\"([^\"]+)\".*", "$1"));
        assertThat(Duration.between(ends, sent).abs()).isLessThanOrEqualTo(Duration.ofSeconds(2));

        stub.answers(
                Reply.json("{\"preAuthKeys\":[{\"id\":\"1\",\"used\":false,\"expiration\":\"2026-11-24T09:55:00Z\"}]}")
                        .with("Date", date));
        assertThat(plane.require(JoinKeys.class).list().getFirst().usable()).isEqualTo(!tenIsOver);
    }

    @Test
    void joinKeysShowWhetherTheyStillWork() {
        answer("""
                {"preAuthKeys":[{"id":"1","key":"hskey-auth-a-***","used":false,"expiration":"2026-11-24T11:00:00Z","aclTags":["tag:x"]},
                 {"id":"2","key":"hskey-auth-b-***","used":true,"expiration":"2026-11-24T11:00:00Z"},
                 {"id":"3","used":true,"reusable":true,"expiration":"2026-11-24T11:00:00Z"},
                 {"id":"4","used":false,"expiration":"2026-11-24T09:00:00Z"},
                 {"id":"5","used":false,"expiration":"0001-01-01T00:00:00Z"},
                 {"id":"6","used":false,"expiration":null}]}""");

        assertThat(plane.require(JoinKeys.class).list())
                .extracting(key -> key.id() + " " + key.usable())
                .containsExactly("1 true", "2 false", "3 true", "4 false", "5 false", "6 false");
        assertAsked("GET /api/v1/preauthkey", "");
        answer("{}");
        assertThatThrownBy(() -> plane.require(JoinKeys.class).list())
                .isInstanceOf(ControlPlaneException.Unavailable.class);
        answer("{}");
        plane.require(JoinKeys.class).revoke("7");
        assertAsked("POST /api/v1/preauthkey/expire", "{\"id\":\"7\"}");
    }

    @Test
    void capabilitiesComeFromTheServersOwnDescription() {
        detect(DESCRIPTION);
        assertThat(plane.capabilities())
                .containsExactlyInAnyOrder(
                        Capability.DEVICE_TAGS,
                        Capability.DEVICE_NAME,
                        Capability.ROUTES,
                        Capability.JOIN_KEYS,
                        Capability.POLICY,
                        Capability.POLICY_VALIDATE,
                        Capability.KEY_EXPIRY_DISABLE);
        assertThat(stub.received())
                .extracting(Received::line)
                .containsExactly("GET /api/v1/health", "GET /swagger/v1/openapiv2.json");
        detect("{\"paths\":{\"/api/v1/node/{nodeId}/expire\":{\"post\":{\"parameters\":[{\"name\":\"nodeId\"}]}}}}");
        assertThat(plane.capabilities()).containsExactlyInAnyOrderElementsOf(ALWAYS);
        detect("<html>");
        assertThat(plane.capabilities()).containsExactlyInAnyOrderElementsOf(ALWAYS);
    }

    @Test
    void detectionTellsWhatIsWrong() {
        stub.answers(Reply.of(401, "Unauthorized"));
        assertThatThrownBy(() -> plane.detectCapabilities()).isInstanceOf(ControlPlaneException.Unauthorized.class);
        stub.answers(Reply.json("{\"databaseConnectivity\":false}"));
        assertThatThrownBy(() -> plane.detectCapabilities())
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .hasMessageContaining("database");
        stub.answers(Reply.html(200));
        assertThatThrownBy(() -> plane.detectCapabilities()).isInstanceOf(ControlPlaneException.Unavailable.class);
    }

    @Test
    void oauthClientIsRefused() {
        var core = new HttpCore(
                stub.vertx(),
                ConnectionRules.defaults().withPlainHttpHosts(Set.of("127.0.0.1")),
                CLOCK,
                CallObserver.NONE);
        assertThatThrownBy(() -> new HeadscaleAdapter(core, Settings.tailscaleOAuth(stub.url()), CLOCK))
                .isInstanceOf(ControlPlaneException.Rejected.class)
                .hasMessageNotContaining(Settings.CLIENT_SECRET);
    }
}
