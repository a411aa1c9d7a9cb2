package com.xonetwork.tailnet.controlplane.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TailscalePolicyTest {

    private static final String POLICY = "// ours\n{\"acls\": [],}\n";

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

    @Test
    void policyIsReadAsHujsonWithItsEtag() {
        stub.answers(Reply.of(200, POLICY).with("ETag", "\"e0b2816b418\"").with("Content-Type", "application/hujson"));

        assertThat(plane.require(PolicyFile.class).read()).hasValueSatisfying(policy -> {
            assertThat(policy.text()).isEqualTo(POLICY);
            assertThat(policy.etag()).isEqualTo("e0b2816b418");
        });
        assertAsked("GET /api/v2/tailnet/-/acl", "");
        assertThat(stub.last().headers()).containsEntry("accept", "application/hujson");
    }

    @Test
    void policyThatIsNotWholeIsUnavailable() {
        for (var reply : List.of(
                Reply.of(200, POLICY),
                Reply.of(200, "").with("ETag", "\"x\""),
                Reply.of(200, "{\"acls\": [").with("ETag", "\"x\""),
                Reply.html(200).with("ETag", "\"x\""))) {
            stub.answers(reply);
            assertThatThrownBy(() -> plane.require(PolicyFile.class).read())
                    .as(reply.toString())
                    .isInstanceOf(ControlPlaneException.Unavailable.class);
        }
    }

    @Test
    void policyIsPublishedWithItsPrecondition() {
        stub.answers(Reply.of(200, POLICY).with("ETag", "\"new\""));

        assertThat(plane.require(PolicyFile.class)
                        .publish(POLICY, new PolicyPrecondition.Matches("old"))
                        .etag())
                .isEqualTo("new");
        assertAsked("POST /api/v2/tailnet/-/acl", POLICY);
        assertThat(stub.last().headers())
                .containsEntry("if-match", "\"old\"")
                .containsEntry("content-type", "application/hujson")
                .containsEntry("accept", "application/hujson");
        plane.require(PolicyFile.class).publish(POLICY, new PolicyPrecondition.NeverSet());
        assertThat(stub.last().headers()).containsEntry("if-match", "\"ts-default\"");
    }

    @Test
    void publicationThatFails() {
        stub.answers(Reply.json(412, "{\"message\":\"precondition failed, invalid old hash\"}"));
        assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(POLICY, new PolicyPrecondition.Matches("old")))
                .isInstanceOf(ControlPlaneException.Conflict.class);
        stub.answers(
                Reply.json(
                        400,
                        "{\"message\":\"test(s) failed\",\"data\":[{\"user\":\"u@x\",\"errors\":[\"want: Drop, got: Accept\"]}]}"));
        assertThatThrownBy(() -> plane.require(PolicyFile.class).publish(POLICY, new PolicyPrecondition.Matches("old")))
                .isInstanceOf(ControlPlaneException.Rejected.class)
                .hasMessageContaining("u@x: want: Drop, got: Accept");
        stub.forget();
        assertThatThrownBy(() ->
                        plane.require(PolicyFile.class).publish(" // nothing\n", new PolicyPrecondition.Matches("old")))
                .isInstanceOf(ControlPlaneException.Rejected.class);
        assertThat(stub.received()).isEmpty();
        stub.answers(Reply.of(502, ""), Reply.of(200, POLICY).with("ETag", "\"new\""));
        plane.require(PolicyFile.class).publish(POLICY, new PolicyPrecondition.Matches("old"));
        assertThat(stub.received()).as("repeated, because it carries If-Match").hasSize(2);
    }

    @Test
    void validationLooksAtTheBody() {
        TailscaleFixture.detectTailscale(stub, plane);
        answer("{}");
        assertThat(plane.require(PolicyFile.class).validate(POLICY)).isEmpty();
        assertAsked("POST /api/v2/tailnet/-/acl/validate", POLICY);
        assertThat(stub.last().headers()).containsEntry("content-type", "application/hujson");
        answer("");
        assertThat(plane.require(PolicyFile.class).validate(POLICY)).isEmpty();
        answer(
                "{\"message\":\"test(s) failed\",\"data\":[{\"user\":\"u@x\",\"errors\":[\"a\",\"b\"]},{\"errors\":[\"c\"]}]}");
        assertThat(plane.require(PolicyFile.class).validate(POLICY))
                .containsExactly("test(s) failed", "u@x: a", "u@x: b", "c");
        answer("{\"message\":\"warning(s) found\",\"data\":[{\"user\":\"group:x\",\"warnings\":[\"not syncing\"]}]}");
        assertThat(plane.require(PolicyFile.class).validate(POLICY)).isEmpty();
        answer("{\"message\":\"line 1, column 2: invalid\"}");
        assertThat(plane.require(PolicyFile.class).validate(POLICY)).containsExactly("line 1, column 2: invalid");
        stub.answers(Reply.json(400, "{\"message\":\"invalid character\"}"));
        assertThat(plane.require(PolicyFile.class).validate(POLICY)).containsExactly("invalid character");
        stub.answers(Reply.html(200));
        assertThatThrownBy(() -> plane.require(PolicyFile.class).validate(POLICY))
                .isInstanceOf(ControlPlaneException.Unavailable.class);
        stub.answers(Reply.json(403, "{\"message\":\"no\"}"));
        assertThatThrownBy(() -> plane.require(PolicyFile.class).validate(POLICY))
                .isInstanceOf(ControlPlaneException.Forbidden.class);
    }
}
