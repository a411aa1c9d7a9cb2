package com.xonetwork.tailnet.controlplane.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Received;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing without ETags. Answers are those of a live Headscale 0.29.1. */
class HeadscalePolicyTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T10:00:00.123Z"), ZoneOffset.UTC);
    private static final String POLICY = "// ours\n{\"acls\": [],}\n";
    private static final String NEVER_SET =
            "{\"code\":2, \"message\":\"loading ACL from database: acl policy not found\", \"details\":[]}";
    private static final String DESCRIPTION = """
            {"swagger":"2.0","paths":{"/api/v1/policy/check":{"post":{}},
             "/api/v1/node/{nodeId}/expire":{"post":{"parameters":[{"name":"nodeId"},{"name":"disableExpiry"}]}}}}""";

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
    void policyThatWasNeverSetOrIsEmptyIsNone() {
        stub.answers(Reply.json(500, NEVER_SET));
        assertThat(plane.require(PolicyFile.class).read()).isEmpty();
        answer("{\"policy\":\"\", \"updatedAt\":\"2026-11-24T23:00:25Z\"}");
        assertThat(plane.require(PolicyFile.class).read()).isEmpty();
        assertAsked("GET /api/v1/policy", "");
        for (var reply : List.of(
                error(500, 2, "loading ACL from database: disk I/O error"),
                error(404, 5, "Not Found"),
                Reply.html(404),
                Reply.json("{}"),
                Reply.html(200))) {
            stub.answers(reply);
            assertThatThrownBy(() -> plane.require(PolicyFile.class).read())
                    .as(reply.toString())
                    .isInstanceOf(ControlPlaneException.Unavailable.class);
        }
    }

    /** A server that holds a policy. */
    private void holds(String policyJson, Consumer<Received> onWrite) {
        stub.forget();
        stub.behaves(request -> switch (request.line()) {
            case "GET /api/v1/policy" -> policyJson.isEmpty() ? Reply.json(500, NEVER_SET) : Reply.json(policyJson);
            case "POST /api/v1/policy/check" -> Reply.json("{}");
            case "PUT /api/v1/policy" -> {
                onWrite.accept(request);
                yield Reply.json(request.body());
            }
            default -> Reply.of(500, "unexpected");
        });
    }

    @Test
    void publicationReadsComparesChecksAndWrites() {
        detect(DESCRIPTION);
        holds("{\"policy\":\"{\\\"acls\\\":[1]}\"}", request -> {});
        var inForce =
                plane.require(PolicyFile.class).read().map(PolicyDocument::etag).orElseThrow();
        assertThat(inForce).hasSize(64);
        stub.forget();

        var stored = plane.require(PolicyFile.class).publish(POLICY, new PolicyPrecondition.Matches(inForce));

        assertThat(stored.text()).isEqualTo(POLICY);
        assertThat(stored.etag()).isNotEqualTo(inForce).hasSize(64);
        assertThat(stub.received())
                .extracting(Received::line)
                .containsExactly("GET /api/v1/policy", "POST /api/v1/policy/check", "PUT /api/v1/policy");
        assertThat(stub.last().body()).isEqualTo("{\"policy\":\"// ours\\n{\\\"acls\\\": [],}\\n\"}");
    }

    @Test
    void publicationOverAnotherPolicyIsAConflict() {
        holds("{\"policy\":\"{\\\"acls\\\":[1]}\"}", request -> {});
        for (var precondition :
                List.of(new PolicyPrecondition.NeverSet(), new PolicyPrecondition.Matches("0".repeat(64)))) {
            assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(POLICY, precondition))
                    .isInstanceOf(ControlPlaneException.Conflict.class);
        }
        holds("", request -> {});
        assertThatThrownBy(() ->
                        plane.require(PolicyFile.class).publish(POLICY, new PolicyPrecondition.Matches("0".repeat(64))))
                .isInstanceOf(ControlPlaneException.Conflict.class);
        assertThat(stub.received()).extracting(Received::method).containsOnly("GET");
        assertThat(plane.require(PolicyFile.class)
                        .publish(POLICY, new PolicyPrecondition.NeverSet())
                        .text())
                .isEqualTo(POLICY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "// only words\n", "null", "{}"})
    void emptyPolicyIsNeverSent(String text) {
        assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(text, new PolicyPrecondition.NeverSet()))
                .isInstanceOf(ControlPlaneException.Rejected.class);
        assertThat(stub.received()).isEmpty();
    }

    @Test
    void refusedPolicyIsRejected() {
        stub.behaves(request -> request.method().equals("GET")
                ? Reply.json(500, NEVER_SET)
                : error(500, 2, "setting policy: test(s) failed:\\nalice@: no"));
        assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(POLICY, new PolicyPrecondition.NeverSet()))
                .isInstanceOf(ControlPlaneException.Rejected.class)
                .hasMessageContaining("test(s) failed: alice@: no");

        detect(DESCRIPTION);
        stub.forget();
        stub.behaves(request -> request.method().equals("GET")
                ? Reply.json(500, NEVER_SET)
                : error(400, 3, "test(s) failed:\\nalice@: no"));
        assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(POLICY, new PolicyPrecondition.NeverSet()))
                .isInstanceOf(ControlPlaneException.Rejected.class)
                .hasMessage("CheckPolicy: test(s) failed: alice@: no");
        assertThat(stub.received()).extracting(Received::method).doesNotContain("PUT");
        assertThat(plane.require(PolicyFile.class).validate(POLICY)).containsExactly("test(s) failed:", "alice@: no");
        assertThat(stub.last().line()).isEqualTo("POST /api/v1/policy/check");
    }
}
