package com.xonetwork.tailnet.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus.Route;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Two real routers stand in for each other, and real exit nodes are chosen by their health. */
@RunningOperator
@RealTailnet
class RoutesE2E {

    private static final String LAN = "192.168.50.0/24";

    @Test
    void routersAndExitsTakeOverFromEachOther(Scene scene, TailnetUnderTest tailnet) {
        tailnet.startNode("router-1", List.of(), List.of(LAN));
        tailnet.startNode("router-2", List.of(), List.of(LAN, "0.0.0.0/0", "::/0"));
        tailnet.startNode("paris", List.of(), List.of("0.0.0.0/0", "::/0"));
        for (var name : List.of("router-1", "router-2", "paris")) {
            scene.node(name, "hostname: " + name);
        }
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [router-1, router-2]}");
        scene.exitNode("out", """
                candidates: [{node: paris, priority: 10}, {node: router-2}]
                minDwell: 1s
                failbackDelay: 1s
                """);
        scene.headscale("home", tailnet);

        scene.awaitReady(SubnetRoute.class, "lan");
        scene.awaitReady(ExitNode.class, "out");
        assertThat(tailnet.machine("router-1").orElseThrow().approvedRoutes()).containsExactly(LAN);
        assertThat(tailnet.machine("router-2").orElseThrow().approvedRoutes())
                .containsExactlyInAnyOrder(LAN, "0.0.0.0/0", "::/0");
        scene.soon().untilAsserted(() -> assertThat(route(scene).active()).isNotNull());
        var first = Objects.requireNonNull(route(scene).active());
        var second = first.equals("router-1") ? "router-2" : "router-1";
        // Whichever is approved first is chosen first.
        scene.soon().untilAsserted(() -> assertThat(chosen(scene)).isEqualTo("paris"));

        tailnet.stopNode(first);
        scene.soon().untilAsserted(() -> assertThat(route(scene)).isEqualTo(new Route(LAN, List.of(second), second)));
        scene.awaitCondition(SubnetRoute.class, "lan", "Serving", "True", "Degraded");

        tailnet.startNode(
                first, List.of(), first.equals("router-1") ? List.of(LAN) : List.of(LAN, "0.0.0.0/0", "::/0"));
        scene.awaitReady(SubnetRoute.class, "lan");
        tailnet.stopNode("paris");
        scene.soon().untilAsserted(() -> assertThat(chosen(scene)).isEqualTo("router-2"));
    }

    private static Route route(Scene scene) {
        var status = Objects.requireNonNull(scene.get(SubnetRoute.class, "lan").getStatus());
        return status.routes().getFirst();
    }

    private static String chosen(Scene scene) {
        var status = Objects.requireNonNull(scene.get(ExitNode.class, "out").getStatus());
        return Objects.requireNonNull(status.active()).node();
    }
}
