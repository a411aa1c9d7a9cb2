package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.TestFiles;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs that have ended are removed where their template says so, with all that the operator has of them. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class RetentionIT {

    private static final Path EVENTS = TestFiles.directory().resolve("runs");

    private static void template(Scene scene, String more) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: ping}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  targets: {override: true}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                  concurrencyPolicy: Allow
                  %s
                """.formatted(more));
    }

    private static void run(Scene scene, String name, String metadata, boolean cancel) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %1$s%2$s}
                spec:
                  templateRef: {name: ping}
                  targets: {nodes: [{name: web-%1$s, address: 192.0.2.1}]}
                  cancel: %3$s
                ---
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: web-%1$s}
                spec: {hostname: web-%1$s, tailnetRef: {name: home}}
                """.formatted(name, metadata, cancel));
    }

    private static void awaitPhase(Scene scene, String run, RunPhase phase) {
        scene.soon().untilAsserted(() -> {
            var status = scene.get(AutomationRun.class, run).getStatus();
            assertThat(status).isNotNull();
            assertThat(status.phase()).as(String.valueOf(status.conditions())).isEqualTo(phase);
        });
    }

    /** As if it had ended so long ago. */
    private static void ended(Scene scene, String run, Duration ago) {
        var at = Instant.now().minus(ago).truncatedTo(ChronoUnit.SECONDS).toString();
        scene.changeStatus(AutomationRun.class, run, there -> {
            var status = there.getStatus();
            there.setStatus(new AutomationRunStatus(
                    status.observedGeneration(),
                    status.conditions().stream()
                            .map(condition -> new Condition(
                                    condition.type(),
                                    condition.status(),
                                    condition.reason(),
                                    condition.message(),
                                    condition.observedGeneration(),
                                    at))
                            .toList(),
                    status.phase(),
                    status.inputsHash(),
                    status.inputs(),
                    status.approval(),
                    status.attempt(),
                    status.job(),
                    status.startedAt(),
                    at,
                    status.duration(),
                    status.hostTotals(),
                    status.hosts(),
                    status.moreHosts(),
                    status.events(),
                    status.redactions()));
            return there;
        });
    }

    private static List<String> eventFiles(String uid) {
        var names = EVENTS.toFile().list();
        return names == null
                ? List.of()
                : List.of(names).stream().filter(name -> name.contains(uid)).toList();
    }

    @Test
    void whatHasEndedGoesWithItsEventsAndNothingElseDoes(Scene scene) {
        assumeFalse(
                scene.cluster().hasControllers(),
                "skipped: here a Job controller runs, and nothing needs to be played");
        template(scene, "forks: 1");
        run(scene, "old", "", false);
        run(scene, "in-git", ", annotations: {argocd.argoproj.io/tracking-id: x}", true);
        run(scene, "young", "", true);
        run(scene, "waits", "", false);
        var pod = PlayedPod.of(scene, "old", 1);
        var uid = scene.get(AutomationRun.class, "old").getMetadata().getUid();
        pod.tells("run_started", Map.of()).push(10);
        assertThat(eventFiles(uid)).hasSize(1);
        pod.ends("Completed", 0, pod.summary("finished", "ok"));
        awaitPhase(scene, "old", RunPhase.SUCCEEDED);
        var job = pod.job().getMetadata().getName();
        scene.soon()
                .until(() -> scene.find(Secret.class, job).isEmpty()
                        && scene.get(Job.class, job).getSpec().getTtlSecondsAfterFinished() != null);
        awaitPhase(scene, "in-git", RunPhase.CANCELLED);
        awaitPhase(scene, "young", RunPhase.CANCELLED);
        awaitPhase(scene, "waits", RunPhase.RUNNING);
        ended(scene, "old", Duration.ofHours(2));
        ended(scene, "in-git", Duration.ofHours(2));

        template(scene, "ttlSecondsAfterFinished: 3600");

        scene.soon().until(() -> scene.find(AutomationRun.class, "old").isEmpty());
        scene.soon().untilAsserted(() -> assertThat(eventFiles(uid)).isEmpty());
        scene.soon().untilAsserted(() -> assertThat(scene.eventReasons("ping")).contains("RunsRemoved"));
        assertThat(pod.push(10)).as("its token opens nothing").isNotEqualTo(200);
        assertThat(scene.list(AutomationRun.class))
                .extracting(run -> run.getMetadata().getName())
                .containsExactlyInAnyOrder("in-git", "young", "waits");

        // What came before may have taken longer than the minute for which it is kept.
        ended(scene, "young", Duration.ZERO);
        template(scene, "failedRunsHistoryLimit: 0");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.condition(AutomationTemplate.class, "ping", "Valid"))
                        .hasValueSatisfying(valid -> assertThat(valid.observedGeneration())
                                .isEqualTo(scene.get(AutomationTemplate.class, "ping")
                                        .getMetadata()
                                        .getGeneration())));
        assertThat(scene.find(AutomationRun.class, "young"))
                .as("it can be read for a minute")
                .isPresent();
        scene.soon()
                .atMost(Duration.ofMinutes(3))
                .until(() -> scene.find(AutomationRun.class, "young").isEmpty());
        assertThat(scene.find(AutomationRun.class, "waits")).isPresent();
    }
}
