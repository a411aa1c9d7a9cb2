package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Combinators;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whatever is deleted first, everything is gone within a minute, and what stays behind in the tailnet is told. All orders,
 * each with a pattern, drawn at random, of waiting until a resource is gone before the next one is deleted.
 */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class DeletionOrderIT {

    private static final Duration END = Duration.ofSeconds(60);
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "Secret",
            Secret.class,
            "Tailnet",
            Tailnet.class,
            "TailnetNode",
            TailnetNode.class,
            "SubnetRoute",
            SubnetRoute.class);

    /** @param waits whether to wait, after each deletion, until the resource is gone */
    private record Plan(List<String> order, List<Boolean> waits) {}

    @TestFactory
    Stream<DynamicTest> everyOrderEnds(Scene scene) {
        var plans = plans();
        assertThat(plans).hasSize(24);
        var simulators = new ArrayList<TailnetSimulator>();
        var devices = new ArrayList<SimDevice>();
        for (int i = 0; i < plans.size(); i++) {
            var simulator = scene.addSimulator();
            simulators.add(simulator);
            devices.add(simulator.addDevice(SimDevice.named("router").advertisedRoutes("192.168.50.0/24")));
            scene.secret(
                    name("Secret", i), Map.of("client_id", scene.clientId(), "client_secret", scene.clientSecret()));
            scene.apply(resources(i, simulator.url()));
        }
        return IntStream.range(0, plans.size())
                .mapToObj(i -> dynamicTest(
                        plans.get(i).toString(),
                        () -> ends(scene, i, plans.get(i), simulators.get(i), devices.get(i))));
    }

    private static void ends(Scene scene, int number, Plan plan, TailnetSimulator simulator, SimDevice device) {
        scene.awaitReady(SubnetRoute.class, name("SubnetRoute", number));
        for (int step = 0; step < plan.order().size(); step++) {
            var kind = plan.order().get(step);
            scene.delete(KINDS.get(kind), name(kind, number));
            if (plan.waits().get(step)) {
                await().atMost(END).until(() -> isGone(scene, kind, number));
            }
        }
        await().atMost(END).until(() -> KINDS.keySet().stream().allMatch(kind -> isGone(scene, kind, number)));
        if (simulator.device(device.nodeId()).isPresent()) {
            scene.soon()
                    .untilAsserted(() -> assertThat(scene.eventReasons(name("TailnetNode", number)))
                            .as("what stays behind is told")
                            .contains("DeviceLeftBehind"));
        }
    }

    private static boolean isGone(Scene scene, String kind, int number) {
        return scene.find(KINDS.get(kind), name(kind, number)).isEmpty();
    }

    private static String name(String kind, int number) {
        return switch (kind) {
            case "Secret" -> "creds-" + number;
            case "Tailnet" -> "home-" + number;
            case "TailnetNode" -> "router-" + number;
            default -> "lan-" + number;
        };
    }

    private static String resources(int number, String url) {
        return """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: Tailnet
                metadata: {name: home-%1$d}
                spec:
                  tailscale:
                    url: "%2$s"
                    credentials: {secretRef: {name: creds-%1$d}}
                  pollInterval: 1s
                ---
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: router-%1$d}
                spec:
                  tailnetRef: {name: home-%1$d}
                  hostname: router
                  deletionPolicy: Delete
                ---
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: SubnetRoute
                metadata: {name: lan-%1$d}
                spec:
                  tailnetRef: {name: home-%1$d}
                  cidrs: [192.168.50.0/24]
                  via: {nodes: [router-%1$d]}
                """.formatted(number, url);
    }

    /** Every order once. */
    private static List<Plan> plans() {
        var byOrder = new LinkedHashMap<List<String>, Plan>();
        JqwikSession.run(() -> {
            var plans = Combinators.combine(
                            Arbitraries.shuffle(KINDS.keySet().stream().sorted().toList()),
                            Arbitraries.of(true, false).list().ofSize(KINDS.size()))
                    .as(Plan::new)
                    .sampleStream()
                    .iterator();
            while (byOrder.size() < 24) {
                var plan = plans.next();
                byOrder.putIfAbsent(plan.order(), plan);
            }
        });
        return List.copyOf(byOrder.values());
    }
}
