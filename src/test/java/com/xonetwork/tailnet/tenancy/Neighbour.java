package com.xonetwork.tailnet.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.service.ApiUser;
import com.xonetwork.tailnet.simulator.SimDevice;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** The tenant that does nothing wrong: how long it waits for each thing that the operator does for it. */
final class Neighbour {

    /** What it waits for. */
    enum Service {
        /** Nothing of the operator's: an object is written to the API server and read back. How slow the machine is. */
        API_SERVER,
        /** A device gets the tags that were just written. */
        TAGS,
        /** A resource that was just made has a status. */
        STATUS,
        /** The list of its runs is answered. */
        LIST,
        /** A run that was just ordered has its Job. */
        ORDER,
        /** The events of a run that has ended are shown to the last. */
        EVENTS
    }

    static final String TAGS_OWNED =
            "{\"tagOwners\": {\"tag:r0\": [\"autogroup:admin\"], \"tag:r1\": [\"autogroup:admin\"]}, \"acls\": []}";

    /** After this it has not been served. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Scene scene;
    private final ApiUser user;
    private int round;

    Neighbour(Scene scene) {
        this.scene = scene;
        scene.simulator().setPolicyByHand(TAGS_OWNED);
        scene.simulator().addDevice(SimDevice.named("web-1").tags("tag:r0"));
        scene.tailnet("home", "");
        scene.node("web-1", "hostname: web-1\ntags: [\"tag:r0\"]");
        scene.pingTemplate("ping");
        user = ApiUser.allowed(scene, "deployer", "create, get, list, patch, update");
        scene.awaitReady(Tailnet.class, "home");
    }

    Scene scene() {
        return scene;
    }

    /** The median of each wait. */
    Map<Service, Duration> measure(int rounds) {
        var waits = new EnumMap<Service, List<Duration>>(Service.class);
        for (var i = 0; i < rounds; i++) {
            round(waits);
        }
        var medians = new EnumMap<Service, Duration>(Service.class);
        waits.forEach((service, all) -> medians.put(
                service, all.stream().sorted(Comparator.naturalOrder()).toList().get(all.size() / 2)));
        return medians;
    }

    private void round(Map<Service, List<Duration>> waits) {
        round++;
        var name = "r" + round;
        time(waits, Service.API_SERVER, _ -> {
            scene.client()
                    .resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create();
            until(() -> scene.find(ConfigMap.class, name).isPresent());
        });
        time(waits, Service.TAGS, _ -> {
            var tag = "tag:r" + round % 2;
            scene.node("web-1", "hostname: web-1\ntags: [\"%s\"]".formatted(tag));
            until(() ->
                    List.copyOf(scene.simulator().devices().getFirst().tags()).equals(List.of(tag)));
        });
        time(waits, Service.STATUS, _ -> {
            scene.nodeClass(name, "match: {hostnames: [\"nothing-*\"]}\ntags: [\"tag:web\"]");
            until(() -> scene.get(NodeClass.class, name).getStatus() != null);
        });
        time(
                waits,
                Service.LIST,
                _ -> assertThat(user.get(
                                        "/api/runs?namespace=" + scene.cluster().namespace())
                                .status())
                        .isEqualTo(200));
        runs(waits);
        scene.delete(NodeClass.class, name);
        scene.delete(ConfigMap.class, name);
    }

    private void runs(Map<Service, List<Duration>> waits) {
        var accepted = new ArrayList<ApiUser.Answer>();
        var run = new ArrayList<String>();
        time(waits, Service.ORDER, _ -> {
            var answer = user.execute(Map.of(
                    "namespace",
                    scene.cluster().namespace(),
                    "template",
                    "ping",
                    "targets",
                    Map.of("nodes", List.of(Map.of("name", "web-1", "address", "192.0.2.1")))));
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
            accepted.add(answer);
            run.add(answer.text("runId").split("\\.", 2)[1]);
            var job = "xo-run-"
                    + scene.get(AutomationRun.class, run.getFirst())
                            .getMetadata()
                            .getUid() + "-1";
            until(() -> scene.find(Job.class, job).isPresent());
        });
        var pod = PlayedPod.of(scene, run.getFirst(), 1);
        time(waits, Service.EVENTS, _ -> {
            pod.tells("host_ok", Map.of("host", "web-1", "text", "ok: [web-1]"));
            assertThat(pod.push(100)).isEqualTo(200);
            pod.ends("Completed", 0, pod.summary("finished", "ok"));
            assertThat(user.follow(accepted.getFirst().text("eventsUrl"))
                            .getLast()
                            .name())
                    .isEqualTo("end");
        });
        scene.delete(AutomationRun.class, run.getFirst());
    }

    private static void time(Map<Service, List<Duration>> waits, Service service, Consumer<Service> what) {
        var start = System.nanoTime();
        what.accept(service);
        waits.computeIfAbsent(service, _ -> new ArrayList<>()).add(Duration.ofNanos(System.nanoTime() - start));
    }

    private static void until(BooleanSupplier done) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(done::getAsBoolean);
    }
}
