package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.PlainPod;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.function.Consumer;

/** Who reaches the pods of an installed chart, where the cluster network enforces its NetworkPolicy. */
final class OperatorNetwork {

    private static final int MANAGEMENT = 8080;
    private static final int RUNNERS = 8082;
    private static final int API = 8083;
    /** The webhook receiver listens while a Tailnet has webhooks only. */
    private static final List<Integer> PORTS = List.of(MANAGEMENT, RUNNERS, API);

    private static final String RUNNER_LABELS =
            "{app.kubernetes.io/managed-by: xo-tailnet-operator, app.kubernetes.io/component: runner}";
    private static final int UNUSED = 8000;

    private OperatorNetwork() {}

    /** @param upgrade upgrades the release, with further options */
    static void onlyWhoIsNamedReachesIt(Scene scene, Consumer<List<String>> upgrade) {
        try (var others = scene.cluster().neighbour();
                var jobController = scene.cluster().asJobController()) {
            var pods = scene.client()
                    .pods()
                    .withLabel("app.kubernetes.io/name", "xo-tailnet-operator")
                    .list()
                    .getItems();
            assertThat(pods).hasSize(2);
            var operator = address(pods.getFirst());
            var runner = PlainPod.startAs(jobController, scene.cluster(), "runner", RUNNER_LABELS, UNUSED);
            var beside = PlainPod.start(scene.cluster(), "beside", "{app: beside}", UNUSED);
            var elsewhere = PlainPod.start(others, "runner-elsewhere", RUNNER_LABELS, UNUSED);
            var gateway = PlainPod.start(others, "gateway", "{app: gateway}", UNUSED);
            var prometheus = PlainPod.start(others, "prometheus", "{app: prometheus}", UNUSED);

            awaitReached(scene, runner, operator, RUNNERS);
            assertThat(runner.reaches(
                            scene.get(Service.class, "xo-xo-tailnet-operator")
                                    .getSpec()
                                    .getClusterIP(),
                            RUNNERS))
                    .as("the port for runners, by the Service")
                    .isTrue();
            for (var stranger : List.of(beside, elsewhere, gateway, prometheus)) {
                awaitReached(scene, stranger, operator);
            }
            assertThat(isReachedByReplica(scene, pods.getLast(), operator, API)).isTrue();
            assertThat(isReachedByReplica(scene, pods.getLast(), operator, MANAGEMENT))
                    .isFalse();

            upgrade.accept(List.of(
                    "--set=networkPolicy.apiFrom[0].namespaceSelector.matchLabels.kubernetes\\.io/metadata\\.name="
                            + others.namespace(),
                    "--set=networkPolicy.apiFrom[0].podSelector.matchLabels.app=gateway",
                    "--set=networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.kubernetes\\.io/metadata\\.name="
                            + others.namespace(),
                    "--set=networkPolicy.metricsFrom[0].podSelector.matchLabels.app=prometheus"));
            awaitReached(scene, gateway, operator, API);
            awaitReached(scene, prometheus, operator, MANAGEMENT);
            awaitReached(scene, elsewhere, operator);

            upgrade.accept(List.of("--set=networkPolicy.enabled=false"));
            for (var anyone : List.of(beside, elsewhere, gateway, prometheus)) {
                awaitReached(scene, anyone, operator, MANAGEMENT, RUNNERS, API);
            }
            upgrade.accept(List.of());
            List.of(runner, beside).forEach(pod -> scene.delete(Pod.class, pod.name()));
            scene.soon().until(() -> scene.list(Pod.class).size() == 2);
        }
    }

    private static void awaitReached(Scene scene, PlainPod from, String operator, Integer... ports) {
        scene.soon()
                .untilAsserted(() -> assertThat(from.reached(operator, PORTS))
                        .as("what %s reaches", from.name())
                        .containsExactly(ports));
    }

    private static boolean isReachedByReplica(Scene scene, Pod replica, String operator, int port) {
        return scene.cluster()
                .kubectl(
                        "exec",
                        replica.getMetadata().getName(),
                        "--",
                        "timeout",
                        "3",
                        "bash",
                        "-c",
                        "exec 3<>/dev/tcp/%s/%d".formatted(operator, port))
                .succeeded();
    }

    private static String address(Pod pod) {
        return pod.getStatus().getPodIP();
    }
}
