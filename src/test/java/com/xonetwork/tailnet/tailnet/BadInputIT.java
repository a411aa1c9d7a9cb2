package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.FaultKind;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A control plane that fails or lies, and credentials that do not work: a condition says which, nothing is written and
 * nothing is deleted, and it goes on by itself when the cause ends.
 */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class BadInputIT {

    /** An odd number: a list with its half left has lost more than half. */
    private static final int DEVICES = 7;

    /** What goes wrong, and what the Tailnet must say of it. */
    private record Trouble(
            String name,
            Consumer<Scene> begins,
            Consumer<Scene> ends,
            String condition,
            String status,
            String reason,
            String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Trouble> troubles() {
        return Stream.of(
                new Trouble(
                        "revoked key",
                        scene -> scene.simulator().revokeOAuthClient(scene.clientId()),
                        BadInputIT::newCredentials,
                        "CredentialsValid",
                        "False",
                        "Unauthorized",
                        "Put working credentials into the Secret"),
                new Trouble(
                        "missing scope",
                        scene -> {
                            scene.simulator().revokeOAuthClient(scene.clientId());
                            scene.simulator()
                                    .addOAuthClient(scene.clientId(), scene.clientSecret(), "policy_file:read");
                        },
                        BadInputIT::newCredentials,
                        "CredentialsValid",
                        "False",
                        "Forbidden",
                        "devices:core:read"),
                new Trouble(
                        "unreachable port",
                        scene -> scene.simulator().stop(),
                        scene -> scene.simulator().start(),
                        "Reachable",
                        "False",
                        "ControlPlaneUnavailable",
                        "no connection to 127.0.0.1"),
                fault("HTML", FaultKind::html, "ControlPlaneUnavailable", "web page"),
                fault("a proxy's page", FaultKind::badGatewayPage, "ControlPlaneUnavailable", "502"),
                fault("cut JSON", FaultKind::truncated, "ControlPlaneUnavailable", "broke off"),
                fault("cut JSON without a length", FaultKind::truncatedChunked, "ControlPlaneUnavailable", ""),
                fault("no JSON", kind -> kind.rewrite(body -> body.substring(0, 90)), "ControlPlaneUnavailable", ""),
                fault("error 500", kind -> kind.status(500), "ControlPlaneUnavailable", "500"),
                fault("too many calls", FaultKind::rateLimited, "RateLimited", "429"),
                fault("hang", FaultKind::hang, "ControlPlaneUnavailable", "no answer from 127.0.0.1"),
                lie("empty list", FaultKind::emptyList, "the newest list has 0 devices, and the list in use has 7"),
                lie("half list", FaultKind::halfList, "the newest list has 3 devices, and the list in use has 7"));
    }

    private static Trouble fault(String name, Consumer<FaultKind> kind, String reason, String message) {
        return ofList(name, kind, "Reachable", "False", reason, message);
    }

    private static Trouble lie(String name, Consumer<FaultKind> kind, String message) {
        return ofList(name, kind, "DevicesListed", "Unknown", "SuspectDeviceList", message);
    }

    private static Trouble ofList(
            String name, Consumer<FaultKind> kind, String condition, String status, String reason, String message) {
        return new Trouble(
                name,
                scene -> kind.accept(scene.simulator().faults().on(Scene.LIST).untilCleared()),
                scene -> scene.simulator().faults().clear(),
                condition,
                status,
                reason,
                message);
    }

    private static void newCredentials(Scene scene) {
        scene.simulator().addOAuthClient("kNewCNTRL", "tskey-client-new", "all");
        scene.secret(Scene.SECRET, Map.of("client_id", "kNewCNTRL", "client_secret", "tskey-client-new"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void aTroubleIsNamedChangesNothingAndEnds(Trouble trouble, Scene scene) {
        var process = scene.operator().process().pid();
        scene.simulator().addDevices(DEVICES);
        scene.node("by-hand", "hostname: machine-1\nkeyExpiry: Disabled");
        scene.tailnet("home", "deviceImport: All");
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(TailnetNode.class, "by-hand");
        scene.awaitReady(TailnetNode.class, "machine-" + DEVICES);
        scene.soon().until(() -> uids(scene).size() == DEVICES);
        var nodes = uids(scene);
        // Something that would be written if the operator went on with what it knows.
        var mark = scene.ledger().mark();
        trouble.begins().accept(scene);
        scene.node("by-hand", "hostname: machine-1\nkeyExpiry: Enabled");

        scene.awaitCondition(
                Tailnet.class, "home", trouble.condition(), trouble.status(), trouble.reason(), trouble.message());
        assertThat(scene.condition(Tailnet.class, "home", "Ready").orElseThrow().status())
                .isNotEqualTo("True");
        scene.awaitCondition(TailnetNode.class, "machine-" + DEVICES, "Ready", "Unknown", "SnapshotStale");
        scene.awaitCondition(TailnetNode.class, "by-hand", "Online", "Unknown", "SnapshotStale");
        assertThat(uids(scene)).as("nothing is deleted or made on unknown").isEqualTo(nodes);
        assertThat(scene.ledger().writesSince(mark).stream()
                        .filter(call -> !call.operation().equals("updateDeviceKey")))
                .as("only what was asked for before the list was stale may have been written")
                .isEmpty();
        var writes = scene.ledger().writesSince(mark).size();
        scene.tailnet("home", "deviceImport: All\ncallBudget: {perSecond: 6}");
        scene.awaitCondition(Tailnet.class, "home", trouble.condition(), trouble.status(), trouble.reason());
        assertThat(scene.ledger().writesSince(mark)).hasSize(writes);

        trouble.ends().accept(scene);
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(TailnetNode.class, "machine-" + DEVICES);
        scene.awaitReady(TailnetNode.class, "by-hand");
        assertThat(scene.simulator().devices())
                .filteredOn(SimDevice::keyExpiryDisabled)
                .isEmpty();
        assertThat(uids(scene)).isEqualTo(nodes);
        assertThat(scene.operator().process().isAlive()).isTrue();
        assertThat(scene.operator().process().pid()).as("no restart").isEqualTo(process);
        assertThat(scene.operator().logs().lines())
                .filteredOn(line -> line.contains(scene.cluster().namespace()) && line.contains(" ERROR "))
                .isEmpty();
    }

    @Test
    void aMissingSecretIsNamedAndReadWhenItIsThere(Scene scene) {
        scene.client().secrets().withName(Scene.SECRET).delete();
        scene.tailnet("home", "");
        var missing = scene.awaitCondition(Tailnet.class, "home", "CredentialsValid", "False", "SecretNotFound");
        assertThat(missing.message()).contains(Scene.SECRET);
        scene.awaitCondition(Tailnet.class, "home", "Stalled", "True", "SecretNotFound");
        assertThat(scene.ledger().calls()).isEmpty();

        scene.secret(Scene.SECRET, Map.of("client_id", scene.clientId(), "client_secret", scene.clientSecret() + "\n"));
        scene.awaitReady(Tailnet.class, "home");
    }

    @Test
    void aMissingKeyOfTheSecretIsNamed(Scene scene) {
        scene.secret(Scene.SECRET, Map.of("clientId", scene.clientId(), "secret", scene.clientSecret()));
        scene.tailnet("home", "");
        var wrong = scene.awaitCondition(Tailnet.class, "home", "CredentialsValid", "False", "SecretKeyMissing");
        assertThat(wrong.message()).contains(Scene.SECRET, "client_id", "client_secret", "api_key");

        scene.secret(Scene.SECRET, Map.of("client_id", scene.clientId()));
        scene.soon()
                .untilAsserted(() -> assertThat(scene.condition(Tailnet.class, "home", "CredentialsValid")
                                .orElseThrow()
                                .message())
                        .isEqualTo("Secret " + Scene.SECRET + " needs the key client_secret"));
        assertThat(scene.ledger().calls()).isEmpty();

        scene.simulator().addApiKey("tskey-api-good", "all");
        scene.secret(Scene.SECRET, Map.of("api_key", "tskey-api-good"));
        scene.awaitReady(Tailnet.class, "home");
    }

    @Test
    void aMissingScopeForAWriteIsNamedOnTheNode(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.simulator()
                .addOAuthClient("kReaderCNTRL", "tskey-client-reader", "devices:core:read", "policy_file:read");
        scene.secret(Scene.SECRET, Map.of("client_id", "kReaderCNTRL", "client_secret", "tskey-client-reader"));
        scene.node("web-1", "hostname: web-1\nkeyExpiry: Disabled");
        scene.tailnet("home", "");

        var refused = scene.awaitCondition(TailnetNode.class, "web-1", "KeyExpiryInSync", "False", "Forbidden");
        assertThat(refused.message()).contains("devices:core");
        scene.awaitReady(Tailnet.class, "home");
        scene.letPollsGoBy(6);
        assertThat(scene.ledger().count("updateDeviceKey")).as("no retry storm").isEqualTo(1);
    }

    private static List<String> uids(Scene scene) {
        return scene.list(TailnetNode.class).stream()
                .map(node ->
                        node.getMetadata().getName() + " " + node.getMetadata().getUid())
                .sorted()
                .toList();
    }
}
