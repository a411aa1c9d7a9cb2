package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.scene.OperatorUnderTest;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What somebody else makes in the name of an attempt. The admission policies refuse it; here it is made by those whom they let
 * pass, so that the operator itself is seen to believe none of it.
 */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class ForgedAttemptsIT {

    private static final String LABELS = """
            app.kubernetes.io/managed-by: xo-tailnet-operator, app.kubernetes.io/component: runner,\
             tailnet.xo-network.com/attempt: "%d\"""";

    @BeforeEach
    void machines(Scene scene) {
        assumeFalse(
                scene.cluster().hasControllers(),
                "skipped: here a Job controller runs, and nothing needs to be played");
        for (var name : new String[] {"web-1", "web-2"}) {
            scene.apply("""
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: TailnetNode
                    metadata: {name: %1$s}
                    spec: {hostname: %1$s, tailnetRef: {name: home}}
                    """.formatted(name));
        }
        template(scene, "danger", "requireApproval: true");
        template(scene, "ping", "requireApproval: false");
    }

    private static void template(Scene scene, String name, String more) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: %s}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  targets: {override: true}
                  ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: Strict}
                  retries: 1
                  retryBackoff: 1s
                  %s
                """.formatted(name, more));
    }

    private static AutomationRun run(Scene scene, String name, String template, String machine) {
        apply(scene, name, template, machine, "");
        scene.soon()
                .untilAsserted(
                        () -> assertThat(scene.get(AutomationRun.class, name).getStatus())
                                .isNotNull()
                                .extracting(AutomationRunStatus::inputsHash)
                                .as("the operator knows the template and the machines by now")
                                .isNotNull());
        return scene.get(AutomationRun.class, name);
    }

    private static void apply(Scene scene, String name, String template, String machine, String more) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s}
                spec:
                  templateRef: {name: %s}
                  targets: {nodes: [{name: %s, address: 192.0.2.1}]}
                  %s
                """.formatted(name, template, machine, more));
    }

    private static void approve(Scene scene, AutomationRun run, String machine) {
        apply(
                scene,
                run.getMetadata().getName(),
                "danger",
                machine,
                "approval: {decision: Approve, inputsHash: %s}"
                        .formatted(run.getStatus().inputsHash()));
    }

    private static void awaitPhase(Scene scene, String run, RunPhase phase) {
        scene.soon().untilAsserted(() -> {
            var status = scene.get(AutomationRun.class, run).getStatus();
            assertThat(status).isNotNull();
            assertThat(status.phase()).as(String.valueOf(status.conditions())).isEqualTo(phase);
        });
    }

    private static String name(AutomationRun run, int attempt) {
        return "xo-run-" + run.getMetadata().getUid() + "-" + attempt;
    }

    private static String owner(AutomationRun run) {
        return "{apiVersion: tailnet.xo-network.com/v1alpha1, kind: AutomationRun, name: %s, uid: %s, controller: true}"
                .formatted(run.getMetadata().getName(), run.getMetadata().getUid());
    }

    private static void make(Scene scene, String yaml) {
        try (var client = scene.cluster().as(OperatorUnderTest.USER, "system:masters")) {
            client.resource(yaml).create();
        }
    }

    private static void makeSecret(Scene scene, AutomationRun run, String owners, String hash, String machine) {
        make(scene, """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: %s
                  labels: {%s}
                  annotations: {tailnet.xo-network.com/inputs: %s}
                  ownerReferences: [%s]
                stringData:
                  token: stolen
                  known_hosts: ""
                  attempt.json: '{"hosts":["%5$s"],"carried":[]}'
                  run.json: '{"run":{"attempt":1},"hosts":[{"name":"%5$s","address":"203.0.113.66"}]}'
                """.formatted(name(run, 1), LABELS.formatted(1), hash, owners, machine));
    }

    private static void makeJob(Scene scene, AutomationRun run, int attempt, String owners, String hash) {
        make(scene, """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: %s
                  labels: {%2$s}
                  annotations: {tailnet.xo-network.com/hosts: web-1, tailnet.xo-network.com/inputs: %3$s}
                  ownerReferences: [%4$s]
                spec:
                  backoffLimit: 0
                  template:
                    metadata: {labels: {%2$s}}
                    spec:
                      restartPolicy: Never
                      serviceAccountName: xo-runner
                      automountServiceAccountToken: false
                      securityContext: {runAsNonRoot: true}
                      containers:
                        - name: runner
                          image: registry.invalid/runner:1
                          securityContext: {allowPrivilegeEscalation: false}
                      volumes: [{name: work, emptyDir: {}}]
                """.formatted(name(run, attempt), LABELS.formatted(attempt), hash, owners));
    }

    /** Whoever may make Secrets knows the name, and what is going to be approved. */
    @Test
    void aSecretThatSomebodyElseMadeForTheAttemptIsNotRun(Scene scene) {
        var foreign = run(scene, "foreign", "danger", "web-1");
        var alike = run(scene, "alike", "danger", "web-2");
        makeSecret(scene, foreign, "", foreign.getStatus().inputsHash(), "web-1");
        makeSecret(scene, alike, owner(alike), alike.getStatus().inputsHash(), "web-2");
        approve(scene, foreign, "web-1");
        approve(scene, alike, "web-2");

        var own = PlayedPod.of(scene, "alike", 1);
        assertThat(own.file("run.json")).contains("192.0.2.1").doesNotContain("203.0.113.66");
        assertThat(own.file("token")).isNotEqualTo("stolen");
        assertThat(scene.awaitCondition(AutomationRun.class, "foreign", "Started", "False", "StartRefused")
                        .message())
                .contains("Secret " + name(foreign, 1) + " was not made by the operator for this run. Delete it");
        scene.delete(Secret.class, name(foreign, 1));
        assertThat(PlayedPod.of(scene, "foreign", 1).file("run.json")).doesNotContain("203.0.113.66");
    }

    /** It is told, it holds no machine, and the run starts when it is gone. */
    @Test
    void aJobThatSomebodyElseMadeForTheAttemptIsNotTakenForIt(Scene scene) {
        var run = run(scene, "squatted", "danger", "web-1");
        makeJob(scene, run, 1, "", run.getStatus().inputsHash());
        approve(scene, run, "web-1");

        assertThat(scene.awaitCondition(AutomationRun.class, "squatted", "Started", "False", "StartRefused")
                        .message())
                .contains("Job " + name(run, 1) + " was not made by the operator for this run. Delete it");
        awaitPhase(scene, "squatted", RunPhase.PENDING);
        assertThat(scene.find(Secret.class, name(run, 1))).isEmpty();
        run(scene, "beside", "ping", "web-1");
        var beside = PlayedPod.of(scene, "beside", 1);
        beside.ends("Completed", 0, beside.summary("finished", "ok"));
        awaitPhase(scene, "beside", RunPhase.SUCCEEDED);

        scene.delete(Job.class, name(run, 1));
        var pod = PlayedPod.of(scene, "squatted", 1);
        pod.ends("Completed", 0, pod.summary("finished", "ok"));
        awaitPhase(scene, "squatted", RunPhase.SUCCEEDED);
    }

    /** Attempts follow one another: one far ahead would make the run believe what never was. */
    @Test
    void aJobOfAnAttemptThatCannotBeYetIsNotBelieved(Scene scene) {
        run(scene, "ahead", "ping", "web-1");
        var pod = PlayedPod.of(scene, "ahead", 1);
        awaitPhase(scene, "ahead", RunPhase.RUNNING);
        var run = scene.get(AutomationRun.class, "ahead");
        makeJob(scene, run, 5, owner(run), run.getStatus().inputsHash());
        pod.ends("Completed", 0, pod.summary("finished", "ok"));
        awaitPhase(scene, "ahead", RunPhase.SUCCEEDED);
        assertThat(scene.get(AutomationRun.class, "ahead").getStatus().attempt())
                .isEqualTo(1);
    }

    /** It has all labels, is younger, and says that all went well. */
    @Test
    void aPodThatTheJobDoesNotControlTellsNothing(Scene scene) {
        run(scene, "told", "ping", "web-1");
        var own = PlayedPod.of(scene, "told", 1);
        var genuine = scene.get(Pod.class, own.podName());
        var other = new PodBuilder()
                .withNewMetadata()
                .withName("stranger")
                .withLabels(genuine.getMetadata().getLabels())
                .withAnnotations(genuine.getMetadata().getAnnotations())
                .endMetadata()
                .withSpec(genuine.getSpec())
                .build();
        try (var client = scene.cluster().asJobController()) {
            client.resource(other).create();
        }
        scene.changeStatus(
                Pod.class,
                "stranger",
                pod -> new PodBuilder(pod)
                        .editOrNewStatus()
                        .withPhase("Succeeded")
                        .withContainerStatuses(new ContainerStatusBuilder()
                                .withName("runner")
                                .withImage("runner")
                                .withImageID("sha256:666")
                                .withReady(false)
                                .withRestartCount(0)
                                .withNewState()
                                .withNewTerminated()
                                .withReason("Completed")
                                .withExitCode(0)
                                .withMessage(own.summary("finished", "ok"))
                                .withFinishedAt(Instant.now()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString())
                                .endTerminated()
                                .endState()
                                .build())
                        .endStatus()
                        .build());
        own.ends("Completed", 0, own.summary("finished", "failed"));
        // It is told of the first attempt as it was, and so there is another.
        var second = PlayedPod.of(scene, "told", 2);
        second.ends("Completed", 0, second.summary("finished", "failed"));
        awaitPhase(scene, "told", RunPhase.FAILED);
        assertThat(scene.get(AutomationRun.class, "told").getStatus().inputs().imageId())
                .isNotEqualTo("sha256:666");
    }

    /** As if the operator had ended between the Job and the status: the Job's inputs are not those of the run by now. */
    @Test
    void anAttemptThatTheStatusDoesNotKnowOfIsNotTriedAgainWithOtherInputs(Scene scene) {
        var run = run(scene, "adopted", "danger", "web-1");
        awaitPhase(scene, "adopted", RunPhase.AWAITING_APPROVAL);
        var before = "0123456789abcdef0123456789abcdef";
        makeSecret(scene, run, owner(run), before, "web-1");
        makeJob(scene, run, 1, owner(run), before);
        awaitPhase(scene, "adopted", RunPhase.RUNNING);
        assertThat(scene.get(AutomationRun.class, "adopted").getStatus().inputsHash())
                .isEqualTo(before);

        var pod = PlayedPod.of(scene, "adopted", 1);
        pod.ends("Completed", 0, pod.summary("finished", "failed"));
        awaitPhase(scene, "adopted", RunPhase.FAILED);
        assertThat(scene.condition(AutomationRun.class, "adopted", "Succeeded"))
                .hasValueSatisfying(condition -> assertThat(condition.message())
                        .contains("Not tried again: its template, parameters or machines have changed since"));
    }
}
