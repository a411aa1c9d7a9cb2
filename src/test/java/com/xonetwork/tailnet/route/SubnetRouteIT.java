package com.xonetwork.tailnet.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus.Route;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Routes and exits are approved in one list by the device's writer, and their resources tell what is true of them. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class SubnetRouteIT {

    private static final String LAN = "192.168.50.0/24";
    private static final String SET_ROUTES = "setDeviceRoutes";

    @Test
    void allIntentsOfADeviceAreOneCallAndWhatNobodyDeclaredIsKept(Scene scene) {
        var router = router(scene, "router-1", "10.0.0.0/8");
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [router-1]}");
        scene.route("dmz", "cidrs: [172.16.0.0/24]\nvia: {selector: {matchLabels: {role: router}}}");
        scene.exitNode("out", "candidates: [{node: router-1}]");
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: router-1, labels: {role: router}}
                spec: {tailnetRef: {name: home}, hostname: router-1}
                """);
        scene.tailnet("home", "");

        scene.awaitCondition(TailnetNode.class, "router-1", "RoutesApproved", "True", "InSync");
        assertThat(enabled(scene, router))
                .containsExactlyInAnyOrder("0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/24", LAN, "::/0");
        assertThat(scene.ledger().count(SET_ROUTES)).isEqualTo(1);

        var advertised = scene.awaitCondition(SubnetRoute.class, "lan", "Advertised", "False", "NotAdvertised");
        assertThat(advertised.message())
                .endsWith("run on it: tailscale set --advertise-routes=172.16.0.0/24,192.168.50.0/24");
        scene.simulator().advertise(router.nodeId(), LAN, "172.16.0.0/24", "0.0.0.0/0", "::/0");
        scene.awaitReady(SubnetRoute.class, "lan");
        scene.awaitReady(SubnetRoute.class, "dmz");
        scene.awaitReady(ExitNode.class, "out");
        assertThat(Objects.requireNonNull(
                                scene.get(ExitNode.class, "out").getStatus().active())
                        .node())
                .isEqualTo("router-1");
        assertThat(scene.ledger().count(SET_ROUTES)).isEqualTo(1);
    }

    @Test
    void ofTwoRoutersOneServesWhenTheOtherIsGone(Scene scene) {
        var first = router(scene, "router-1");
        var second = router(scene, "router-2");
        scene.node("router-1", "hostname: router-1");
        scene.node("router-2", "hostname: router-2");
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [router-1, router-2]}");
        scene.tailnet("home", "");
        scene.simulator().advertise(first.nodeId(), LAN);
        scene.simulator().advertise(second.nodeId(), LAN);
        scene.awaitCondition(SubnetRoute.class, "lan", "Serving", "True", "Serving");

        scene.simulator().offline(first.nodeId());
        scene.awaitCondition(SubnetRoute.class, "lan", "Serving", "True", "Degraded");
        assertThat(status(scene).routes()).containsExactly(new Route(LAN, List.of("router-2"), null));

        scene.simulator().offline(second.nodeId());
        scene.awaitCondition(SubnetRoute.class, "lan", "Serving", "False", "Offline");
        scene.simulator().online(first.nodeId());
        scene.awaitCondition(SubnetRoute.class, "lan", "Serving", "True", "Degraded");
    }

    @Test
    void theYoungerOfTwoThatOverlapIsRefusedAndTakenUpWhenTheOlderGoes(Scene scene) {
        router(scene, "router-1");
        var second = router(scene, "router-2");
        scene.node("router-1", "hostname: router-1");
        scene.node("router-2", "hostname: router-2");
        scene.tailnet("home", "");
        scene.route("wide", "cidrs: [192.168.0.0/16]\nvia: {nodes: [router-1]}");
        scene.awaitCondition(SubnetRoute.class, "wide", "Approved", "True", "Approved");
        scene.soon().until(() -> isASecondOld(scene.get(SubnetRoute.class, "wide")));
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [router-2]}");

        var refused = scene.awaitCondition(SubnetRoute.class, "lan", "Accepted", "False", "Conflict");
        assertThat(refused.message()).contains(LAN, "192.168.0.0/16", "SubnetRoute wide");
        assertThat(enabled(scene, second)).isEmpty();

        scene.delete(SubnetRoute.class, "wide");
        scene.awaitCondition(SubnetRoute.class, "lan", "Approved", "True", "Approved");
        // A network that moves from one SubnetRoute to another is refused for a moment: no reason for a Warning.
        assertThat(scene.events("lan"))
                .filteredOn(event -> String.valueOf(event.getMessage()).contains("192.168.0.0/16"))
                .isNotEmpty()
                .extracting(Event::getType)
                .containsOnly("Normal");
        assertThat(enabled(scene, second)).containsExactly(LAN);
        scene.soon().untilAsserted(() -> assertThat(scene.eventReasons("wide")).contains("RoutesLeftApproved"));
    }

    @Test
    void whatNobodyDeclaresGoesWhereThatIsWanted(Scene scene) {
        var router = router(scene, "router-1", "10.0.0.0/8");
        scene.node("router-1", "hostname: router-1");
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [router-1]}");
        scene.tailnet("home", "routes: {unmanaged: Remove}");

        scene.awaitCondition(SubnetRoute.class, "lan", "Approved", "True", "Approved");
        assertThat(enabled(scene, router)).containsExactly(LAN);
        scene.delete(SubnetRoute.class, "lan");
        scene.soon().untilAsserted(() -> assertThat(enabled(scene, router)).isEmpty());
        assertThat(scene.eventReasons("lan")).doesNotContain("RoutesLeftApproved");
    }

    @Test
    void routesChangedElsewhereAreApprovedAgainOrReported(Scene scene) {
        var router = router(scene, "router-1");
        scene.node("router-1", "hostname: router-1");
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [router-1]}");
        scene.tailnet("home", "");
        scene.awaitCondition(TailnetNode.class, "router-1", "RoutesApproved", "True", "InSync");

        scene.simulator().updateDevice(router.nodeId(), SimDevice.Builder::enabledRoutes);
        scene.soon().untilAsserted(() -> assertThat(enabled(scene, router)).containsExactly(LAN));
        scene.soon()
                .untilAsserted(() -> assertThat(scene.eventReasons("router-1"))
                        .filteredOn("DriftCorrected"::equals)
                        .hasSize(1));

        scene.tailnet("home", "mode: Observe");
        scene.awaitCondition(Tailnet.class, "home", "Ready", "True", "Ready");
        scene.simulator().updateDevice(router.nodeId(), SimDevice.Builder::enabledRoutes);
        scene.awaitCondition(TailnetNode.class, "router-1", "RoutesApproved", "False", "Differs");
        scene.letPollsGoBy(3);
        assertThat(enabled(scene, router)).isEmpty();
        assertThat(scene.eventReasons("router-1"))
                .filteredOn("DriftFound"::equals)
                .hasSize(1);
    }

    @Test
    void whoFightsUsIsNamedAndLeftAlone(Scene scene) {
        var device = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.node("web-1", "hostname: web-1");
        scene.tailnet("home", "");
        scene.awaitReady(TailnetNode.class, "web-1");
        for (int round = 0; round < 3; round++) {
            scene.simulator().renameByHand(device.nodeId(), "by-hand");
            scene.soon().until(() -> name(scene, device).equals("web-1"));
            scene.awaitReady(TailnetNode.class, "web-1");
        }
        scene.simulator().renameByHand(device.nodeId(), "by-hand");

        var contested = scene.awaitCondition(TailnetNode.class, "web-1", "NameInSync", "False", "Contested");
        assertThat(contested.message())
                .startsWith("amelie@example.com (USER) through ADMIN_CONSOLE keeps changing the name to by-hand.");
        scene.awaitCondition(TailnetNode.class, "web-1", "Stalled", "True", "Contested");
        scene.letPollsGoBy(3);
        assertThat(name(scene, device)).isEqualTo("by-hand");
        assertThat(scene.ledger().count("listConfigurationAuditLogs")).isEqualTo(1);
    }

    private static String name(Scene scene, SimDevice device) {
        return scene.simulator().device(device.nodeId()).orElseThrow().name();
    }

    @Test
    void thePolicyApprovesByTagWhereOnlyRoutersCarryIt(Scene scene) {
        var router = router(scene, "router-1");
        scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.policy("base", """
                fragment:
                  tagOwners: {"tag:router": ["autogroup:admin"], "tag:web": ["autogroup:admin"]}
                  acls: []
                """);
        scene.node("router-1", "hostname: router-1\ntags: [\"tag:router\"]");
        scene.node("web-1", "hostname: web-1\ntags: [\"tag:web\"]");
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [router-1]}");
        scene.tailnet("home", "policy: {onForeignPolicy: Replace, driftCheckInterval: 1s}");

        scene.awaitReady(AclPolicy.class, "base");
        scene.awaitCondition(TailnetNode.class, "router-1", "TagsInSync", "True", "InSync");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.simulator().policyText().replaceAll("\\s", ""))
                        .contains("\"autoApprovers\":{\"routes\":{\"192.168.50.0/24\":[\"tag:router\"]}}"));
        scene.soon().untilAsserted(() -> assertThat(enabled(scene, router)).containsExactly(LAN));

        scene.node("web-1", "hostname: web-1\ntags: [\"tag:web\", \"tag:router\"]");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.simulator().policyText()).doesNotContain("autoApprovers"));
        scene.awaitReady(Tailnet.class, "home");
    }

    private static SimDevice router(Scene scene, String name, String... approved) {
        return scene.simulator()
                .addDevice(SimDevice.named(name).enabledRoutes(approved).advertisedRoutes());
    }

    /** Creation times have whole seconds: what follows is to be younger for sure. */
    private static boolean isASecondOld(SubnetRoute route) {
        return Instant.parse(route.getMetadata().getCreationTimestamp())
                .plusSeconds(1)
                .isBefore(Instant.now());
    }

    private static List<String> enabled(Scene scene, SimDevice device) {
        return List.copyOf(
                scene.simulator().device(device.nodeId()).orElseThrow().enabledRoutes());
    }

    private static SubnetRouteStatus status(Scene scene) {
        return Objects.requireNonNull(scene.get(SubnetRoute.class, "lan").getStatus());
    }
}
