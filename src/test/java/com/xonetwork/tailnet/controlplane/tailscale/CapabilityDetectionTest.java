package com.xonetwork.tailnet.controlplane.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What proves what a control plane can do, and what only somebody says who stands in front of it. */
class CapabilityDetectionTest {

    @RegisterExtension
    final StubServer stub = new StubServer();

    private TailscaleAdapter plane;

    @BeforeEach
    void connect() {
        plane = TailscaleFixture.withApiKey(stub);
    }

    @AfterEach
    void close() {
        plane.close();
    }

    private void assertDoubted() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> plane.detectCapabilities()).isInstanceOf(ControlPlaneException.Unavailable.class);
        }
    }

    @Test
    void detectionTellsWhatIsWrong() {
        stub.answers(Reply.json(401, "{\"message\":\"API token invalid\"}"));
        assertThatThrownBy(() -> plane.detectCapabilities()).isInstanceOf(ControlPlaneException.Unauthorized.class);
        stub.answers(Reply.json(404, "{\"message\":\"tailnet \\\"x\\\" not found\"}"));
        assertThatThrownBy(() -> plane.detectCapabilities()).isInstanceOf(ControlPlaneException.NotFound.class);
        stub.answers(Reply.of(500, ""));
        assertThatThrownBy(() -> plane.detectCapabilities()).isInstanceOf(ControlPlaneException.Unavailable.class);
        stub.behaves(request -> request.path().endsWith("/services") ? Reply.of(500, "") : Reply.json("{}"));
        assertThatThrownBy(() -> plane.detectCapabilities()).isInstanceOf(ControlPlaneException.Unavailable.class);
        stub.behaves(request -> request.path().endsWith("/settings")
                ? Reply.json(401, "{\"message\":\"API token invalid\"}")
                : Reply.of(404, ""));
        assertThatThrownBy(() -> plane.detectCapabilities())
                .as("unknown paths prove no credentials")
                .isInstanceOf(ControlPlaneException.Unauthorized.class);
    }

    /** A proxy in front of a service that is starting answers so to everything. */
    @ParameterizedTest
    @ValueSource(ints = {404, 405, 501})
    void anErrorPageOnEveryPathProvesNothing(int status) {
        stub.answers(Reply.of(status, "404 page not found\n"));
        assertThatThrownBy(() -> plane.detectCapabilities())
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .hasMessageContaining("Check the URL");
        assertThat(plane.capabilities()).as("what is assumed stands").contains(Capability.DEVICE_APPROVAL);
    }

    /** What answers 200, or refuses, without a word of JSON is not the service. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | ok | the answer",
                "403 | RBAC: access denied | (HTTP 403) is unusable",
                "400 | Request header too large | (HTTP 400) is unusable",
                "403 | <html>no</html> | (HTTP 403) is unusable",
                "200 | <html> | the answer",
                "307 | '' | redirects (HTTP 307)"
            })
    void aPageOnEveryPathProvesNothing(int status, String page, String told) {
        stub.answers(Reply.of(status, page));
        assertThatThrownBy(() -> plane.detectCapabilities())
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .as("what was said tells more than that the paths are not known")
                .hasMessageContaining(told);
        assertThat(plane.capabilities()).as("what is assumed stands").doesNotContain(Capability.POLICY_VALIDATE);
    }

    /** It is not the answer of the path that the token was for. */
    @ParameterizedTest
    @CsvSource({"307, redirects (HTTP 307)", "404, createOAuthToken", "403, createOAuthToken"})
    void whatTheTokenEndpointSaysIsTold(int status, String told) {
        try (var withOAuth =
                TailscaleFixture.connect(stub, Settings.tailscaleOAuth(stub.url()), new TailscaleFixture.TestClock())) {
            stub.answers(Reply.of(status, ""));
            assertThatThrownBy(withOAuth::detectCapabilities).hasMessageContaining(told);
            assertThat(stub.received())
                    .as("requests")
                    .singleElement()
                    .satisfies(request -> assertThat(request.path()).endsWith("/oauth/token"));
        }
    }

    /** It knows one of the two paths that every service knows, or others that go with the one that it does not know. */
    @ParameterizedTest
    @ValueSource(strings = {"/keys", "/settings", "/settings /keys /dns/preferences", "/settings /keys /services"})
    void aPartThatNoKnownServiceHasIsBelievedOnlyWhenItRepeatsItself(String paths) {
        stub.behaves(request -> Arrays.stream(paths.split(" ")).anyMatch(request.path()::endsWith)
                ? Reply.json(403, "{\"message\":\"calling actor does not have enough permissions\"}")
                : Reply.of(404, "404 page not found\n"));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> plane.detectCapabilities())
                    .isInstanceOf(ControlPlaneException.Unavailable.class)
                    .hasMessageContaining("Check what stands in front of it");
        }
        for (int i = 0; i < 2; i++) {
            assertThat(plane.detectCapabilities())
                    .contains(Capability.DEVICE_TAGS)
                    .doesNotContain(Capability.POLICY_VALIDATE);
        }
    }

    @Test
    void whatWasKnownIsNotForgottenForOneAnswer() {
        TailscaleFixture.detectTailscale(stub, plane);
        stub.behaves(TailscaleFixture::headscale);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> plane.detectCapabilities()).hasMessageContaining("POLICY_VALIDATE");
            assertThat(plane.capabilities()).contains(Capability.POLICY_VALIDATE, Capability.DEVICE_APPROVAL);
        }
        assertThat(plane.detectCapabilities()).doesNotContain(Capability.POLICY_VALIDATE);
        TailscaleFixture.detectTailscale(stub, plane);
        assertThat(plane.capabilities()).contains(Capability.POLICY_VALIDATE);
    }

    /** No scope would help. */
    @Test
    void aGatewaysRefusalIsNotTheServices() {
        stub.answers(Reply.of(403, "RBAC: access denied"));
        assertThatThrownBy(() -> plane.devices().list())
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .hasMessageContaining("RBAC: access denied")
                .hasMessageContaining("Check the proxy or gateway in front of it");
    }

    /** The API leaves out what is false, so a device that waits for approval has no such field. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"devicesApprovalOn\":false} | true",
                "{\"devicesApprovalOn\":true} | false",
                "{} | false",
                "NONE | false"
            })
    void aDeviceThatIsNotSaidToBeApprovedIsApprovedOnlyWhereNoneNeedsIt(String settings, boolean approved) {
        stub.behaves(request -> {
            if (request.path().endsWith("/devices")) {
                return Reply.json("{\"devices\":[{\"id\":\"1\",\"nodeId\":\"n1\",\"hostname\":\"new-1\"}]}");
            }
            return request.path().endsWith("/keys") || request.path().endsWith("/settings") && !"NONE".equals(settings)
                    ? Reply.json(request.path().endsWith("/keys") ? "{\"keys\":[]}" : settings)
                    : Reply.of(404, "404 page not found\n");
        });
        for (int i = 0; i < 2 && "NONE".equals(settings); i++) {
            assertThatThrownBy(() -> plane.detectCapabilities()).isInstanceOf(ControlPlaneException.Unavailable.class);
        }
        assertThat(plane.detectCapabilities()).doesNotContain(Capability.POLICY_VALIDATE);
        assertThat(plane.devices().list()).singleElement().returns(approved, Device::authorized);
    }

    /** An allow-list in front of the service: it must not keep the tailnet from being worked on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/webhooks | 403 | denied",
                "/services | 403 | <html>no</html>",
                "/dns/preferences | 400 | ''",
                "/webhooks | 200 | ok",
                "/services | 302 | ''",
                "/stream | 403 | denied",
                "/acl/validate | 403 | denied",
                "/acl/validate | 200 | <html>hello</html>"
            })
    void whatAGatewaySaysOfOnePathIsBelievedOfThisPathWhenItRepeatsItself(String path, int status, String page) {
        stub.behaves(request -> request.path().endsWith(path) ? Reply.of(status, page) : Reply.json("{}"));
        assertDoubted();
        assertThat(plane.detectCapabilities())
                .contains(Capability.DEVICE_TAGS)
                .doesNotContain(
                        switch (path) {
                            case "/webhooks" -> Capability.WEBHOOKS;
                            case "/services" -> Capability.SERVICES;
                            case "/dns/preferences" -> Capability.DNS;
                            case "/stream" -> Capability.LOG_STREAMING;
                            default -> Capability.POLICY_VALIDATE;
                        });
    }

    /** Of a service with settings it says only that there are no keys to be seen. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {\"message\":\"no Route matched with those values\"}",
                "404 | page not found",
                "500 | {\"message\":\"internal\"}",
                "403 | denied"
            })
    void theKeysDoNotDecideWhereTheSettingsAreKnown(int status, String body) {
        stub.behaves(request -> {
            if (request.path().endsWith("/settings")) {
                return Reply.json("{\"devicesApprovalOn\":false}");
            }
            return request.path().endsWith("/keys") ? Reply.json(status, body) : Reply.of(404, "404 page not found\n");
        });
        assertDoubted();
        assertThat(plane.detectCapabilities()).contains(Capability.DEVICE_TAGS);
    }
}
