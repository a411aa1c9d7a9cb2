package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.kube.SecretData;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;

/** What is seen of a {@link Story}, in the cluster and in the tailnet. */
final class Seen {

    private Seen() {}

    /** Ids. */
    static List<String> liveKeys(TailnetSimulator tailnet) {
        return tailnet.keys().stream()
                .filter(key -> key.type().equals("auth") && !key.invalid(Instant.now()))
                .map(key -> key.id())
                .toList();
    }

    /** Of the plan's machine. */
    static List<AutomationRun> runs(Scene scene, String plan) {
        return scene.list(AutomationRun.class).stream()
                .filter(run -> run.getMetadata().getName().startsWith(plan + "-"))
                .toList();
    }

    static void assertOneRunAtWork(Scene scene, String plan) {
        assertThat(runs(scene, plan))
                .singleElement()
                .satisfies(run -> assertThat(RunPhase.of(run.getStatus())).isEqualTo(RunPhase.RUNNING));
        var uid = runs(scene, plan).getFirst().getMetadata().getUid();
        assertThat(scene.list(Job.class))
                .filteredOn(job -> job.getMetadata().getName().contains(uid))
                .hasSize(1);
    }

    /** Whatever failed, a machine is never given two. */
    static void assertOneRunAtMost(Scene scene, String plan) {
        assertThat(runs(scene, plan)).as("runs").hasSizeLessThanOrEqualTo(1);
    }

    static String keyIn(Secret secret) {
        return SecretData.text(secret.getData(), "id");
    }

    static void assertRoutes(TailnetSimulator tailnet, String... routes) {
        assertThat(tailnet.devices())
                .singleElement()
                .satisfies(device -> assertThat(device.enabledRoutes()).containsExactlyInAnyOrder(routes));
    }

    static void assertReady(Scene scene, Class<? extends HasMetadata> kind, String name) {
        assertCondition(scene, kind, name, "Ready");
    }

    static void assertCondition(Scene scene, Class<? extends HasMetadata> kind, String name, String type) {
        assertThat(scene.condition(kind, name, type))
                .as("%s of %s %s", type, kind.getSimpleName(), name)
                .hasValueSatisfying(condition -> {
                    assertThat(condition.status()).as(condition.message()).isEqualTo("True");
                    assertThat(condition.observedGeneration())
                            .isEqualTo(scene.get(kind, name).getMetadata().getGeneration());
                });
    }
}
