package com.xonetwork.tailnet.automation;

import static com.xonetwork.tailnet.automation.KnownHostsTest.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of a run when the cluster refuses a part of it, and what is left when it is over. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class AutomationRunEffectsIT {

    private static final String JOB = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: probe}
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: probe, image: probe}]}}}
            """;

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
    }

    private static void template(Scene scene, String name, String source, String hostKeys) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: %s}
                spec:
                  engine: ansible
                  source: %s
                  targets: {override: true}
                  ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: %s}
                """.formatted(name, source, hostKeys));
    }

    private static void run(Scene scene, String name, String template, boolean cancel, String machine, String address) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s}
                spec:
                  templateRef: {name: %s}
                  targets: {nodes: [{name: %s, address: %s}]}
                  cancel: %s
                """.formatted(name, template, machine, address, cancel));
    }

    private static void awaitPhase(Scene scene, String run, RunPhase phase) {
        scene.soon().untilAsserted(() -> {
            var status = scene.get(AutomationRun.class, run).getStatus();
            assertThat(status).isNotNull();
            assertThat(status.phase()).as(String.valueOf(status.conditions())).isEqualTo(phase);
        });
    }

    /** As the quota controller would: at this level there is none. */
    private static void quota(Scene scene, String resource, String refused) {
        var none = Map.of(resource, new Quantity("0"));
        var quota = new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("none")
                .endMetadata()
                .withNewSpec()
                .withHard(none)
                .endSpec()
                .build();
        scene.client().resource(quota).create();
        scene.changeStatus(
                ResourceQuota.class,
                "none",
                there -> new ResourceQuotaBuilder(there)
                        .withNewStatus()
                        .withHard(none)
                        .withUsed(none)
                        .endStatus()
                        .build());
        scene.soon().until(() -> isHeldToTheQuota(scene, refused));
    }

    /** The API server learns of a quota a moment after it has taken it. */
    private static boolean isHeldToTheQuota(Scene scene, String refused) {
        try {
            scene.client().resource(refused).dryRun().create();
            return false;
        } catch (KubernetesClientException e) {
            // Before that it may know of the quota and not of its status, which is another refusal.
            return String.valueOf(e.getMessage()).contains("exceeded quota");
        }
    }

    private static List<Event> events(Scene scene, String run, String reason) {
        return scene.list(Event.class).stream()
                .filter(event -> run.equals(event.getInvolvedObject().getName()) && reason.equals(event.getReason()))
                .toList();
    }

    @Test
    void aJobThatIsRefusedIsToldAndStartsOnceItMay(Scene scene) {
        quota(scene, "count/jobs.batch", JOB);
        template(scene, "ping", "{builtin: xo.tailnet.ping}", "Strict");
        run(scene, "refused", "ping", false, "web-1", "192.0.2.1");
        run(scene, "cancelled", "ping", false, "web-2", "192.0.2.2");
        awaitPhase(scene, "refused", RunPhase.PENDING);
        assertThat(scene.awaitCondition(AutomationRun.class, "refused", "Started", "False", "StartRefused")
                        .message())
                .contains("The Job of attempt 1 was refused", "exceeded quota: none");
        scene.soon()
                .untilAsserted(() ->
                        assertThat(events(scene, "refused", "StartRefused")).hasSize(1));
        scene.soon()
                .untilAsserted(() -> assertThat(scene.list(Secret.class))
                        .extracting(secret -> secret.getMetadata().getName())
                        .noneMatch(name -> name.startsWith("xo-run-")));
        awaitPhase(scene, "cancelled", RunPhase.PENDING);
        run(scene, "cancelled", "ping", true, "web-2", "192.0.2.2");
        awaitPhase(scene, "cancelled", RunPhase.CANCELLED);

        scene.client().resource(scene.get(ResourceQuota.class, "none")).delete();
        var pod = PlayedPod.of(scene, "refused", 1);
        pod.ends("Completed", 0, pod.summary("finished", "ok"));
        awaitPhase(scene, "refused", RunPhase.SUCCEEDED);
        assertThat(events(scene, "refused", "StartRefused")).as("once").hasSize(1);
    }

    /** Each host key is within the bound of its field, and so is their number; together they are more than a Secret takes. */
    @Test
    void aRunThatFitsIntoNoSecretEndsAndSaysSo(Scene scene) {
        template(scene, "large", "{builtin: xo.tailnet.ping}", "TrustOnFirstUse");
        var names = IntStream.range(0, 300).mapToObj(number -> "m-" + number).toList();
        scene.apply(names.stream().map("""
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: TailnetNode
                        metadata: {name: %1$s}
                        spec: {hostname: %1$s, tailnetRef: {name: none}}
                        """::formatted).collect(Collectors.joining("---\n")));
        var key = "ssh-rsa " + "A".repeat(2000);
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: large}
                spec:
                  templateRef: {name: large}
                  targets: {nodes: [%s]}
                """.formatted(names.stream()
                .map(name -> "{name: %s, address: 192.0.2.1, hostKey: %s}".formatted(name, key))
                .collect(Collectors.joining(","))));
        var told = scene.awaitCondition(AutomationRun.class, "large", "Succeeded", "False", "RunTooLarge");
        assertThat(told.message()).contains("A Secret holds at most 1048576", "Make several runs");
        awaitPhase(scene, "large", RunPhase.FAILED);
        scene.soon()
                .untilAsserted(
                        () -> assertThat(events(scene, "large", "RunTooLarge")).hasSize(1));
        scene.client().resources(AutomationRun.class).withName("large").delete();
        scene.client().resources(TailnetNode.class).delete();
    }

    /** The server's words may quote the object, which holds a token: only the quota's own are told. */
    @Test
    void aSecretThatIsRefusedIsToldAndStartsOnceItMay(Scene scene) {
        quota(scene, "count/secrets", "apiVersion: v1\nkind: Secret\nmetadata: {name: probe}");
        template(scene, "ping", "{builtin: xo.tailnet.ping}", "Strict");
        run(scene, "secretless", "ping", false, "web-1", "192.0.2.1");
        awaitPhase(scene, "secretless", RunPhase.PENDING);
        assertThat(scene.awaitCondition(AutomationRun.class, "secretless", "Started", "False", "StartRefused")
                        .message())
                .contains("A Secret of attempt 1 was refused, so nothing of it runs", "exceeded quota: none");
        assertThat(scene.list(Job.class)).isEmpty();
        scene.client().resource(scene.get(ResourceQuota.class, "none")).delete();
        var pod = PlayedPod.of(scene, "secretless", 1);
        pod.ends("Completed", 0, pod.summary("finished", "ok"));
        awaitPhase(scene, "secretless", RunPhase.SUCCEEDED);
    }

    /** The Job controller tells it in Events only. */
    @Test
    void aPodThatCannotBeMadeIsTold(Scene scene) {
        template(scene, "ping", "{builtin: xo.tailnet.ping}", "Strict");
        run(scene, "podless", "ping", false, "web-1", "192.0.2.1");
        awaitPhase(scene, "podless", RunPhase.RUNNING);
        var job = scene.list(Job.class).getFirst();
        scene.client()
                .resource(new EventBuilder()
                        .withNewMetadata()
                        .withName("refused.1")
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion("batch/v1")
                        .withKind("Job")
                        .withNamespace(job.getMetadata().getNamespace())
                        .withName(job.getMetadata().getName())
                        .withUid(job.getMetadata().getUid())
                        .endInvolvedObject()
                        .withType("Warning")
                        .withReason("FailedCreate")
                        .withMessage(
                                "Error creating: pods \"x\" is forbidden: failed quota: cpu: must specify limits.cpu")
                        .build())
                .create();
        assertThat(scene.awaitCondition(AutomationRun.class, "podless", "Started", "False", "StartRefused")
                        .message())
                .contains("its pod cannot be made", "must specify limits.cpu");
        assertThat(scene.get(AutomationRun.class, "podless").getStatus().phase())
                .isEqualTo(RunPhase.RUNNING);
    }

    @Test
    void whatRunsIsACopyAndGoesWhenItIsOver(Scene scene) throws IOException {
        scene.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: book}
                data: {play.yml: "first"}
                binaryData: {blob: AAEC}
                """);
        template(scene, "files", "{configMap: {name: book, entry: play.yml}}", "Strict");
        run(scene, "copied", "files", false, "web-1", "192.0.2.1");
        var pod = PlayedPod.of(scene, "copied", 1);
        var name = pod.job().getMetadata().getName();
        var copy = scene.get(Secret.class, name + "-source");
        assertThat(copy.getImmutable()).isTrue();
        assertThat(copy.getData()).containsOnlyKeys("play.yml", "blob").containsEntry("blob", "AAEC");
        scene.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: book}
                data: {play.yml: "another"}
                """);
        var volumes = pod.job().getSpec().getTemplate().getSpec().getVolumes();
        assertThat(volumes)
                .filteredOn(volume -> volume.getName().equals("source"))
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getSecret().getSecretName()).isEqualTo(name + "-source"));
        assertThat(volumes)
                .filteredOn(volume -> volume.getName().equals("work"))
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getEmptyDir().getMedium()).isEqualTo("Memory"));
        assertThat(scene.get(NetworkPolicy.class, name).getSpec().getEgress())
                .flatExtracting(rule -> rule.getTo())
                .filteredOn(peer -> peer.getIpBlock() != null)
                .extracting(peer -> peer.getIpBlock().getCidr())
                .contains("192.0.2.1/32")
                .doesNotContain("0.0.0.0/0");

        pod.ends("Completed", 0, pod.summary("finished", "ok"));
        awaitPhase(scene, "copied", RunPhase.SUCCEEDED);
        scene.soon().untilAsserted(() -> {
            assertThat(scene.find(Secret.class, name)).isEmpty();
            assertThat(scene.find(Secret.class, name + "-source")).isEmpty();
        });
        assertThat(pod.post(pod.file("token"), "{\"events\":[]}").statusCode()).isEqualTo(401);
    }

    @Test
    void hostKeysOfTwoRunsAreBothRecorded(Scene scene) {
        template(scene, "trusting", "{builtin: xo.tailnet.ping}", "TrustOnFirstUse");
        for (var host = 1; host <= 2; host++) {
            var address = "192.0.2." + host;
            run(scene, "run-" + host, "trusting", false, "web-" + host, address);
            var pod = PlayedPod.of(scene, "run-" + host, 1);
            var learnt = List.of(line(address, host), line("192.0.2.77", host), "not a line");
            pod.tells("host_keys", Map.of("data", Map.of("lines", learnt))).push(10);
            scene.soon()
                    .untilAsserted(() -> assertThat(scene.find(ConfigMap.class, "trusting-known-hosts"))
                            .hasValueSatisfying(
                                    record -> assertThat(record.getData().get("known_hosts"))
                                            .contains(learnt.getFirst())));
            pod.ends("Completed", 0, pod.summary("finished", "ok"));
            awaitPhase(scene, "run-" + host, RunPhase.SUCCEEDED);
        }
        assertThat(scene.get(ConfigMap.class, "trusting-known-hosts").getData().get("known_hosts"))
                .isEqualTo(line("192.0.2.1", 1) + "\n" + line("192.0.2.2", 2) + "\n");
    }

    /** Somebody else's ConfigMap of that name: nothing starts with it, nothing changes it, and the run can be cancelled. */
    @Test
    void aRecordThatIsNotTheTemplatesHoldsTheRun(Scene scene) {
        scene.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: taken-known-hosts}
                data: {known_hosts: "192.0.2.1 ssh-ed25519 mine"}
                """);
        template(scene, "taken", "{builtin: xo.tailnet.ping}", "TrustOnFirstUse");
        run(scene, "held", "taken", false, "web-1", "192.0.2.1");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.condition(AutomationRun.class, "held", "Succeeded"))
                        .hasValueSatisfying(
                                condition -> assertThat(condition.reason()).isEqualTo("HostKeysNotRecorded")));
        awaitPhase(scene, "held", RunPhase.PENDING);
        run(scene, "held", "taken", true, "web-1", "192.0.2.1");
        awaitPhase(scene, "held", RunPhase.CANCELLED);
        assertThat(scene.list(Job.class)).isEmpty();
    }

    /** The API server takes the policy of a machine that is found by its name. */
    @Test
    void aMachineThatIsFoundByItsName(Scene scene) {
        template(scene, "named", "{builtin: xo.tailnet.ping}", "Strict");
        run(scene, "by-name", "named", false, "web-1", "web.example.test");
        awaitPhase(scene, "by-name", RunPhase.RUNNING);
        assertThat(scene.get(
                                NetworkPolicy.class,
                                PlayedPod.of(scene, "by-name", 1)
                                        .job()
                                        .getMetadata()
                                        .getName())
                        .getSpec()
                        .getEgress())
                .flatExtracting(rule -> rule.getTo())
                .filteredOn(peer -> peer.getIpBlock() != null)
                .extracting(peer -> peer.getIpBlock().getCidr())
                .contains("0.0.0.0/0", "::/0");
    }
}
