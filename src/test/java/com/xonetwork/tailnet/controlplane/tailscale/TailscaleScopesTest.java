package com.xonetwork.tailnet.controlplane.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.controlplane.AuditLog;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.controlplane.http.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
                        "logs:configuration:read",
                        plane -> plane.require(AuditLog.class).lastEditor("n1", Instant.EPOCH, Instant.EPOCH)),
                call(
                        "policy_file:read",
                        plane -> plane.require(PolicyFile.class).read()),
                call(
                        "policy_file:read",
                        plane -> plane.require(PolicyFile.class).validate("{}")),
                call(
                        "policy_file (with devices:core:read and devices:posture_attributes:read)",
                        plane -> plane.require(PolicyFile.class)
                                .publish("{\"acls\":[]}", new PolicyPrecondition.NeverSet())));
    }

    /** Asked for once, to find out what the service has: it has that without the scope too. */
    private static final Set<Operation> OF_DETECTION = Set.of(
            TailscaleOperations.GET_SETTINGS,
            TailscaleOperations.GET_DNS_PREFERENCES,
            TailscaleOperations.LIST_WEBHOOKS,
            TailscaleOperations.LIST_SERVICES,
            TailscaleOperations.GET_LOG_STREAM);

    @Test
    void eachOperationWithAScopeIsCalledHereAndItsScopeIsDocumented() throws Exception {
        var here = calls().map(call -> (String) call.get()[0]).collect(Collectors.toSet());
        var page = Files.readString(Path.of("docs/how-to/connect-tailscale.md"));
        for (var constant : TailscaleOperations.class.getDeclaredFields()) {
            if (constant.get(null) instanceof Operation operation
                    && operation.scope() != null
                    && !OF_DETECTION.contains(operation)) {
                assertThat(here)
                        .as("scopes of the calls above: add one that makes " + operation.name())
                        .contains(operation.scope());
                var scope = operation.scope().split(" ")[0];
                assertThat(page)
                        .as("docs/how-to/connect-tailscale.md, for " + operation.name())
                        .containsAnyOf("| `" + scope + "`", "| `" + scope.replace(":read", "") + "` (write)");
            }
        }
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
        try (var plane = TailscaleFixture.withApiKey(stub)) {
            TailscaleFixture.detectTailscale(stub, plane);
            stub.answers(Reply.json(status, "{\"message\":\"" + words + "\"}"));
            return catchThrowableOfType(ControlPlaneException.Forbidden.class, () -> call.accept(plane));
        }
    }
}
