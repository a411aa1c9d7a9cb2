package com.xonetwork.tailnet.controlplane.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refused call says what would have allowed it. */
class TailscaleScopesTest {

    @RegisterExtension
    final StubServer stub = new StubServer();

    static Stream<Arguments> calls() {
        var request = new JoinKeyRequest("web", new TreeSet<>(List.of("tag:web")), Duration.ofHours(1));
        return Stream.of(
                call("devices:core:read", plane -> plane.devices().list()),
                call("devices:core", plane -> plane.devices().setTags("n1", Set.of("tag:web"))),
                call("devices:core", plane -> plane.devices().setName("n1", "web")),
                call("devices:core", plane -> plane.devices().setAuthorized("n1", true)),
                call("devices:core", plane -> plane.devices().setKeyExpiryDisabled("n1", true)),
                call("devices:core", plane -> plane.devices().delete("n1")),
                call("devices:routes", plane -> plane.devices().setEnabledRoutes("n1", Set.of("10.0.0.0/16"))),
                call("auth_keys", plane -> plane.require(JoinKeys.class).create(request)),
                call("auth_keys:read", plane -> plane.require(JoinKeys.class).list()),
                call("auth_keys", plane -> plane.require(JoinKeys.class).revoke("k1")),
                call(
                        "policy_file:read",
                        plane -> plane.require(PolicyFile.class).read()),
                call(
                        "policy_file (with devices:core:read and devices:posture_attributes:read)",
                        plane -> plane.require(PolicyFile.class)
                                .publish("{\"acls\":[]}", new PolicyPrecondition.NeverSet())));
    }

    private static Arguments call(String scope, Consumer<TailscaleAdapter> call) {
        return Arguments.of(scope, call);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aMissingScopeIsNamed(String scope, Consumer<TailscaleAdapter> call) {
        var refusal = refused(403, "calling actor does not have enough permissions to perform this function", call);

        assertThat(refusal.scope()).contains(scope);
        assertThat(refusal.isByPlan()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aPlansLimitIsNotTakenForAMissingScope(String scope, Consumer<TailscaleAdapter> call) {
        for (var refusal : List.of(
                refused(402, "payment required", call),
                refused(403, "feature not available on current billing plan", call))) {
            assertThat(refusal.scope()).isEmpty();
            assertThat(refusal.isByPlan()).isTrue();
        }
    }

    private ControlPlaneException.Forbidden refused(int status, String words, Consumer<TailscaleAdapter> call) {
        stub.answers(Reply.json(status, "{\"message\":\"" + words + "\"}"));
        try (var plane = TailscaleFixture.withApiKey(stub)) {
            return catchThrowableOfType(ControlPlaneException.Forbidden.class, () -> call.accept(plane));
        }
    }
}
