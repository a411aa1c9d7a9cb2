package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.service.ApiUser;
import com.xonetwork.tailnet.testbed.CommandResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs on a real API server, with the running operator and its rights; {@link PlayedPod} plays what is missing. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class AutomationRunIT {

    @BeforeEach
    void machines(Scene scene) {
        assumeFalse(
                scene.cluster().hasControllers(),
                "skipped: here a Job controller runs, and nothing needs to be played");
        for (var name : new String[] {"web-1", "web-2", "web-3"}) {
            scene.apply("""
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: TailnetNode
                    metadata: {name: %1$s, labels: {role: web}}
                    spec: {hostname: %1$s, tailnetRef: {name: home}}
                    """.formatted(name));
        }
    }

    private static void template(Scene scene, String name, String more) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: %s}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                  targets: {override: true}
                %s
                """.formatted(name, more.indent(2)));
    }

    private static void run(Scene scene, String name, String template, String more, String... machines) {
        var targets = new StringBuilder();
        for (var machine : machines) {
            targets.append("{name: ").append(machine).append(", address: 192.0.2.1},");
        }
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s}
                spec:
                  templateRef: {name: %s}
                  targets: {nodes: [%s]}
                %s
                """.formatted(name, template, targets, more.indent(2)));
    }

    private static void awaitPhase(Scene scene, String run, RunPhase phase) {
        scene.soon().untilAsserted(() -> {
            var status = scene.get(AutomationRun.class, run).getStatus();
            assertThat(status).isNotNull();
            assertThat(status.phase()).as(String.valueOf(status.conditions())).isEqualTo(phase);
        });
    }

    private static String reason(Scene scene, String run) {
        return scene.condition(AutomationRun.class, run, "Succeeded")
                .orElseThrow()
                .reason();
    }

    private static String message(Scene scene, String run) {
        return scene.condition(AutomationRun.class, run, "Succeeded")
                .orElseThrow()
                .message();
    }

    @Test
    void aRunFromItsOrderToItsRecord(Scene scene) {
        template(scene, "ping", "");
        scene.awaitReady(AutomationTemplate.class, "ping");
        run(scene, "first", "ping", "", "web-1", "web-2");
        var pod = PlayedPod.of(scene, "first", 1);

        assertThat(pod.hosts()).containsExactly("web-1", "web-2");
        assertThat(pod.order().path("hosts").path(0).path("address").asText()).isEqualTo("192.0.2.1");
        assertThat(scene.find(NetworkPolicy.class, pod.job().getMetadata().getName()))
                .isPresent();
        assertRestricted(pod.job());
        awaitPhase(scene, "first", RunPhase.RUNNING);

        pod.tells("run_started", Map.of())
                .tells("host_started", Map.of("host", "web-1", "task", "Check disk"))
                .tells("host_ok", Map.of("host", "web-1", "task", "Check disk", "changed", true))
                .tells("host_started", Map.of("host", "web-2", "task", "Check disk"));
        assertThat(pod.push(100)).isEqualTo(200);
        scene.soon()
                .untilAsserted(() -> assertThat(scene.get(AutomationRun.class, "first")
                                .getStatus()
                                .hosts())
                        .extracting(Host::name, Host::state)
                        .containsExactly(
                                org.assertj.core.groups.Tuple.tuple("web-2", HostState.RUNNING),
                                org.assertj.core.groups.Tuple.tuple("web-1", HostState.CHANGED)));

        pod.ends("Completed", 0, pod.summary("finished", "changed", "ok"));
        awaitPhase(scene, "first", RunPhase.SUCCEEDED);
        var waited = scene.cluster().kubectl("wait", "--for=condition=Succeeded", "arun/first", "--timeout=10s");
        assertThat(waited.succeeded()).as(waited.stderr()).isTrue();
        var status = scene.get(AutomationRun.class, "first").getStatus();
        assertThat(status.hostTotals()).isEqualTo(new HostTotals(2, 2, 1, 0, 0, 0, 0));
        assertThat(status.job()).isNotNull().satisfies(job -> {
            assertThat(job.podName()).isEqualTo(pod.podName());
            assertThat(job.terminatedReason()).isEqualTo("Completed");
            assertThat(job.exitCode()).isZero();
        });
        assertThat(status.redactions()).isEqualTo(3);
        assertThat(status.duration()).matches("([0-9]+[hms])+");
        // The summary's own event never came: the termination message says that it was told.
        assertThat(status.events())
                .isNotNull()
                .satisfies(events -> assertThat(events.gaps()).isEqualTo(1));
        scene.soon()
                .untilAsserted(() -> assertThat(
                                scene.get(Job.class, pod.job().getMetadata().getName())
                                        .getSpec()
                                        .getTtlSecondsAfterFinished())
                        .as("removed by itself, once recorded")
                        .isEqualTo(3600));
    }

    private static void assertRestricted(Job job) {
        var spec = job.getSpec().getTemplate().getSpec();
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(job.getSpec().getTtlSecondsAfterFinished())
                .as("stays until it is recorded")
                .isNull();
        assertThat(spec.getRestartPolicy()).isEqualTo("Never");
        assertThat(spec.getAutomountServiceAccountToken()).isFalse();
        assertThat(spec.getServiceAccountName()).isEqualTo("xo-runner");
        assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(spec.getContainers()).singleElement().satisfies(container -> {
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getArgs()).isEmpty();
            assertThat(container.getEnv()).extracting(env -> env.getName()).containsExactly("HOME", "TMPDIR");
        });
    }

    /** The namespace's own rules take the pods: a template that asked for more could not run. */
    @Test
    void theRestrictedProfileTakesThePods(Scene scene) {
        var namespace = scene.client().getNamespace();
        scene.cluster()
                .kubectl(
                        "label",
                        "namespace",
                        namespace,
                        "pod-security.kubernetes.io/enforce=restricted",
                        "--overwrite");
        template(scene, "ping", "");
        run(scene, "strict", "ping", "", "web-1");
        var pod = PlayedPod.of(scene, "strict", 1);
        pod.ends("Completed", 0, pod.summary("finished", "ok"));
        awaitPhase(scene, "strict", RunPhase.SUCCEEDED);
    }

    @Test
    void someWellSomeNotAndOnlyTheUnreachableAgain(Scene scene) {
        template(
                scene,
                "ping",
                "{retries: 1, retryScope: UnreachableHosts, retryBackoff: 1s}"
                        .replaceAll("[{}]", "")
                        .replace(", ", "\n"));
        run(scene, "three", "ping", "", "web-1", "web-2", "web-3");
        var first = PlayedPod.of(scene, "three", 1);
        first.ends("Completed", 0, first.summary("finished", "ok", "failed", "unreachable"));

        var second = PlayedPod.of(scene, "three", 2);
        assertThat(second.hosts()).containsExactly("web-3");
        second.ends("Completed", 0, second.summary("finished", "changed"));
        awaitPhase(scene, "three", RunPhase.PARTIALLY_FAILED);
        var status = scene.get(AutomationRun.class, "three").getStatus();
        assertThat(status.hostTotals()).isEqualTo(new HostTotals(3, 2, 1, 1, 0, 0, 0));
        assertThat(status.attempt()).isEqualTo(2);
        assertThat(status.hosts().getFirst()).satisfies(host -> {
            assertThat(host.name()).isEqualTo("web-2");
            assertThat(host.firstError()).isEqualTo("why failed");
        });
        assertThat(reason(scene, "three")).isEqualTo("HostsFailed");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.list(Job.class))
                        .hasSize(2)
                        .allSatisfy(job -> assertThat(job.getSpec().getTtlSecondsAfterFinished())
                                .isEqualTo(3600)));
    }

    @Test
    void whatKilledARunnerIsSaid(Scene scene) {
        template(scene, "ping", "");
        run(scene, "oom", "ping", "", "web-1", "web-2");
        var pod = PlayedPod.of(scene, "oom", 1);
        pod.tells("host_ok", Map.of("host", "web-1", "task", "a")).push(10);
        pod.ends("OOMKilled", 137, "");

        awaitPhase(scene, "oom", RunPhase.FAILED);
        assertThat(reason(scene, "oom")).isEqualTo("RunnerFailed");
        assertThat(message(scene, "oom")).contains("OOMKilled", "137", "0 of 2 ok", "2 not run to the end");
        var status = scene.get(AutomationRun.class, "oom").getStatus();
        assertThat(status.hostTotals()).isEqualTo(new HostTotals(2, 0, 0, 0, 0, 0, 2));
    }

    @Test
    void aJobThatWasRemovedIsLostAndIsNotMadeAgain(Scene scene) {
        template(scene, "ping", "retries: 3");
        run(scene, "lost", "ping", "", "web-1");
        var pod = PlayedPod.of(scene, "lost", 1);
        awaitPhase(scene, "lost", RunPhase.RUNNING);
        scene.client().resource(pod.job()).delete();
        pod.podIsRemoved();

        awaitPhase(scene, "lost", RunPhase.FAILED);
        assertThat(reason(scene, "lost")).isEqualTo("JobLost");
        assertThat(scene.list(Job.class)).isEmpty();
    }

    @Test
    void aMachineIsInOneRunAtATime(Scene scene) {
        template(scene, "ping", "");
        run(scene, "before", "ping", "", "web-1", "web-2");
        var pod = PlayedPod.of(scene, "before", 1);
        run(scene, "after", "ping", "", "web-2", "web-3");
        awaitPhase(scene, "after", RunPhase.QUEUED);
        assertThat(message(scene, "after")).contains("before", "web-2");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.operator().process().metrics())
                        .containsPattern("xo_tailnet_runs_live\\{phase=\"Queued\",?\\} [1-9]"));
        run(scene, "beside", "ping", "", "web-3");
        var beside = PlayedPod.of(scene, "beside", 1);

        pod.ends("Completed", 0, pod.summary("finished", "ok", "ok"));
        awaitPhase(scene, "before", RunPhase.SUCCEEDED);
        assertThat(scene.operator().process().metrics().lines())
                .filteredOn(line -> line.startsWith("xo_tailnet_runs_seconds_count{")
                        && line.contains("namespace=\"" + scene.client().getNamespace() + "\""))
                .singleElement()
                .asString()
                .contains("phase=\"Succeeded\"", "template=\"ping\"")
                .endsWith(" 1.0");
        scene.soon().untilAsserted(() -> assertThat(message(scene, "after")).contains("beside", "web-3"));
        beside.ends("Completed", 0, beside.summary("finished", "ok"));
        PlayedPod.of(scene, "after", 1);
        awaitPhase(scene, "after", RunPhase.RUNNING);
    }

    @Test
    void anApprovalIsAboutWhatWasSeen(Scene scene) {
        template(scene, "danger", "requireApproval: true");
        run(scene, "held", "danger", "", "web-1");
        awaitPhase(scene, "held", RunPhase.AWAITING_APPROVAL);
        var hash = scene.get(AutomationRun.class, "held").getStatus().inputsHash();
        assertThat(message(scene, "held")).contains(hash);
        run(scene, "planned", "danger", "checkMode: true", "web-2");
        awaitPhase(scene, "planned", RunPhase.AWAITING_APPROVAL);

        // What it would do changes: what was approved is not what would be done.
        template(scene, "danger", "requireApproval: true\nforks: 3\ncheckModeRequiresApproval: false");
        PlayedPod.of(scene, "planned", 1);
        scene.soon()
                .untilAsserted(() -> assertThat(scene.get(AutomationRun.class, "held")
                                .getStatus()
                                .inputsHash())
                        .isNotEqualTo(hash));
        run(scene, "held", "danger", "approval: {decision: Approve, inputsHash: %s}".formatted(hash), "web-1");
        scene.soon()
                .untilAsserted(
                        () -> assertThat(message(scene, "held")).contains("spec.approval is for inputsHash " + hash));
        assertThat(scene.get(AutomationRun.class, "held").getStatus().phase()).isEqualTo(RunPhase.AWAITING_APPROVAL);

        run(scene, "again", "danger", "", "web-1");
        awaitPhase(scene, "again", RunPhase.AWAITING_APPROVAL);
        var now = scene.get(AutomationRun.class, "again").getStatus().inputsHash();
        assertThat(now)
                .as("the same template and machine, another run")
                .isNotEqualTo(scene.get(AutomationRun.class, "held").getStatus().inputsHash());
        run(scene, "again", "danger", "approval: {decision: Approve, inputsHash: %s}".formatted(now), "web-1");
        PlayedPod.of(scene, "again", 1);
        // The Job is there before the status tells of it.
        scene.soon()
                .untilAsserted(() -> assertThat(scene.get(AutomationRun.class, "again")
                                .getStatus()
                                .approval())
                        .isNotNull()
                        .satisfies(approval -> assertThat(approval.state()).isEqualTo("Approved")));
    }

    /** With the rights that docs/how-to/use-the-api.md gives to those who order, and the API server's own answers. */
    @Test
    void whoMayOnlyOrderNeitherRedirectsNorApproves(Scene scene) {
        ApiUser.allowed(scene, "deployer", "create, get, list");
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: guarded}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                  secrets: [{variable: password, secretRef: {name: database, key: password}}]
                  requireApproval: true
                """);
        for (var redirect : List.of(
                "address: 192.0.2.66",
                "port: 2222",
                "user: me",
                "hostKey: ssh-ed25519 AAAA",
                "address: web-1.example")) {
            var name = "to-" + Math.abs(redirect.hashCode());
            assertThat(asDeployer(scene, name, "{name: web-1, %s}".formatted(redirect), "")
                            .succeeded())
                    .isTrue();
            awaitPhase(scene, name, RunPhase.FAILED);
            assertThat(reason(scene, name)).isEqualTo("TargetOverrideNotAllowed");
        }

        // An address of the tailnet, so that it waits for approval.
        template(scene, "danger", "requireApproval: true");
        var target = "{name: web-1, address: 192.0.2.1}";
        assertThat(asDeployer(scene, "one", target, "").succeeded()).isTrue();
        awaitPhase(scene, "one", RunPhase.AWAITING_APPROVAL);
        var hash = scene.get(AutomationRun.class, "one").getStatus().inputsHash();
        var approval = "approval: {decision: Approve, inputsHash: %s, by: the-approver}".formatted(hash);

        var born = asDeployer(scene, "two", target, approval);
        assertThat(born.succeeded()).isFalse();
        assertThat(born.stderr()).contains("approval cannot be set when a run is created");
        var patched = scene.cluster()
                .kubectl(
                        "patch",
                        "automationrun",
                        "one",
                        "--type=merge",
                        "--patch={\"spec\":{\"approval\":{\"decision\":\"Approve\",\"inputsHash\":\"" + hash + "\"}}}",
                        "--as=" + deployer(scene));
        assertThat(patched.succeeded()).isFalse();
        assertThat(patched.stderr()).contains("forbidden");

        assertThat(asDeployer(scene, "two", target, "").succeeded()).isTrue();
        awaitPhase(scene, "two", RunPhase.AWAITING_APPROVAL);
        run(scene, "two", "danger", "approval: {decision: Approve, inputsHash: %s}".formatted(hash), "web-1");
        scene.soon().untilAsserted(() -> assertThat(message(scene, "two")).contains("made for another run"));
        assertThat(scene.list(Job.class)).isEmpty();
    }

    private static String deployer(Scene scene) {
        return "system:serviceaccount:" + scene.cluster().namespace() + ":deployer";
    }

    private static CommandResult asDeployer(Scene scene, String name, String target, String more) {
        var yaml = """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s}
                spec:
                  templateRef: {name: %s}
                  targets: {nodes: [%s]}
                %s
                """.formatted(name, name.startsWith("to-") ? "guarded" : "danger", target, more.indent(2));
        return scene.cluster().kubectlWith(yaml, "create", "--as=" + deployer(scene), "-f", "-");
    }

    @Test
    void cancelledBeforeAndWhileItRuns(Scene scene) {
        template(scene, "ping", "");
        run(scene, "early", "none-yet", "cancel: true", "web-1");
        awaitPhase(scene, "early", RunPhase.CANCELLED);

        run(scene, "late", "ping", "", "web-2");
        var pod = PlayedPod.of(scene, "late", 1);
        pod.tells("host_started", Map.of("host", "web-2", "task", "slow")).push(10);
        run(scene, "late", "ping", "cancel: true", "web-2");
        awaitPhase(scene, "late", RunPhase.CANCELLING);
        scene.soon()
                .untilAsserted(() -> assertThat(
                                scene.get(Job.class, pod.job().getMetadata().getName())
                                        .getSpec()
                                        .getSuspend())
                        .isTrue());
        pod.podIsRemoved();
        pod.jobEnds("Suspended", "JobSuspended");
        awaitPhase(scene, "late", RunPhase.CANCELLED);
        assertThat(scene.get(AutomationRun.class, "late").getStatus().hosts())
                .singleElement()
                .satisfies(host -> assertThat(host.state()).isEqualTo(HostState.RUNNING));
    }

    @Test
    void whatIsMissingIsSaidAndAwaited(Scene scene) {
        run(scene, "waiting", "late", "", "web-1");
        scene.awaitCondition(AutomationRun.class, "waiting", "Succeeded", "Unknown", "TemplateNotFound");
        awaitPhase(scene, "waiting", RunPhase.PENDING);
        template(
                scene,
                "late",
                "parameters: {type: object, additionalProperties: false, required: [level], properties: {level: {type: integer}}}");
        awaitPhase(scene, "waiting", RunPhase.FAILED);
        assertThat(reason(scene, "waiting")).isEqualTo("InvalidParameters");
        assertThat(message(scene, "waiting")).contains("level");

        run(scene, "fits", "late", "parameters: {level: 3}", "web-1", "no-such");
        var fits = scene.awaitCondition(AutomationRun.class, "fits", "Succeeded", "Unknown", "TargetsNotFound");
        awaitPhase(scene, "fits", RunPhase.PENDING);
        assertThat(fits.message()).contains("no-such");

        run(scene, "large", "late", "parameters: {level: 3, more: '" + "x".repeat(500_000) + "'}", "web-1");
        awaitPhase(scene, "large", RunPhase.FAILED);
        assertThat(reason(scene, "large")).isEqualTo("InvalidParameters");
        assertThat(message(scene, "large")).contains("65536 bytes");
        assertThat(scene.list(Job.class)).isEmpty();
    }

    @Test
    void aTemplateSaysWhatIsWrongWithIt(Scene scene) {
        template(
                scene,
                "wrong",
                "parameters: {type: object, additionalProperties: false, properties: {ansible_user: {type: string}}}");
        assertThat(scene.awaitCondition(AutomationTemplate.class, "wrong", "Valid", "False", "Invalid")
                        .message())
                .contains("ansible_user");
        template(scene, "bomb", "parameters: {type: object, additionalProperties: false, $ref: '#'}");
        assertThat(scene.awaitCondition(AutomationTemplate.class, "bomb", "Valid", "False", "Invalid")
                        .message())
                .contains("parameters.$ref cannot be used");
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: files}
                spec:
                  engine: fabric
                  source: {configMap: {name: tasks, entry: "fabfile.py:restart"}}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                """);
        scene.awaitCondition(AutomationTemplate.class, "files", "Valid", "False", "SourceNotFound");
    }

    /** Only the token of the attempt itself opens its events. */
    @Test
    void aTokenIsOfOneAttempt(Scene scene) throws IOException {
        template(scene, "ping", "");
        run(scene, "one", "ping", "", "web-1");
        run(scene, "two", "ping", "", "web-2");
        var one = PlayedPod.of(scene, "one", 1);
        var two = PlayedPod.of(scene, "two", 1);

        assertThat(one.post(two.file("token"), "{\"events\":[]}").statusCode()).isEqualTo(401);
        assertThat(one.post("", "{\"events\":[]}").statusCode()).isEqualTo(401);
        assertThat(one.post(one.file("token"), "{\"events\":[]}").statusCode()).isEqualTo(200);
        assertThat(one.post(one.file("token"), "{\"events\":\"x\"}").statusCode())
                .isEqualTo(400);
        assertThat(one.post(one.file("token"), "x".repeat(2 * 1024 * 1024)).statusCode())
                .isEqualTo(413);
        assertThat(scene.operator().logs()).doesNotContain(one.file("token"));
        assertThat(scene.get(AutomationRun.class, "one").toString()).doesNotContain(one.file("token"));
    }

    @Test
    void aHostKeyOfFirstContactIsRecordedForTheNextRun(Scene scene) {
        template(scene, "trusting", "");
        var line = "[192.0.2.1]:22 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA";
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: trusting}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: TrustOnFirstUse}
                  targets: {override: true}
                """);
        run(scene, "first", "trusting", "", "web-1");
        var first = PlayedPod.of(scene, "first", 1);
        first.tells("host_keys", Map.of("data", Map.of("lines", List.of(line)))).push(10);
        scene.soon()
                .untilAsserted(() -> assertThat(scene.find(ConfigMap.class, "trusting-known-hosts"))
                        .hasValueSatisfying(record ->
                                assertThat(record.getData().get("known_hosts")).contains(line)));
        first.ends("Completed", 0, first.summary("finished", "ok"));
        awaitPhase(scene, "first", RunPhase.SUCCEEDED);

        run(scene, "second", "trusting", "", "web-1");
        assertThat(PlayedPod.of(scene, "second", 1).file("known_hosts")).contains(line);
    }

    @Test
    void whatARunMadeIsItsOwn(Scene scene) {
        template(scene, "ping", "");
        run(scene, "owner", "ping", "", "web-1");
        var pod = PlayedPod.of(scene, "owner", 1);
        var uid = scene.get(AutomationRun.class, "owner").getMetadata().getUid();
        var name = pod.job().getMetadata().getName();
        for (var made : List.of(
                scene.get(Job.class, name), scene.get(Secret.class, name), scene.get(NetworkPolicy.class, name))) {
            assertThat(made.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(uid));
        }
    }
}
