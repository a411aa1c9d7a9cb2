package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.ConcurrencyPolicy;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostClaimsTest {

    private final List<ResourceID> woken = new ArrayList<>();
    private final HostClaims claims = new HostClaims(3, woken::addAll);
    private final List<Job> jobs = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();

    private static AutomationRun run(String name, String template, String namespace) {
        try {
            return new YAMLMapper().readValue("""
                    metadata: {name: %s, namespace: %s, uid: uid-%1$s}
                    spec: {templateRef: {name: %s}, targets: {nodes: [{name: a}]}}
                    """.formatted(name, namespace, template), AutomationRun.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<String> claim(String name, ConcurrencyPolicy policy, String... hosts) {
        return claims.claim(run(name, "ping", "net"), "job-" + name, policy, List.of(hosts), jobs, pods);
    }

    private Optional<String> claim(String name, String... hosts) {
        return claim(name, ConcurrencyPolicy.ALLOW, hosts);
    }

    private void appears(String name, String hosts, boolean ended) {
        jobs.removeIf(job -> job.getMetadata().getName().equals("job-" + name));
        var job = new JobBuilder()
                .withNewMetadata()
                .withName("job-" + name)
                .withNamespace("net")
                .addToLabels(RunnerJob.TEMPLATE_LABEL, RunnerJob.templateLabel("ping"))
                .addToAnnotations(RunnerJob.HOSTS_ANNOTATION, hosts)
                .addNewOwnerReference()
                .withName(name)
                .endOwnerReference()
                .endMetadata();
        jobs.add(
                ended
                        ? job.withNewStatus()
                                .addNewCondition()
                                .withType("Complete")
                                .withStatus("True")
                                .endCondition()
                                .endStatus()
                                .build()
                        : job.build());
    }

    @Test
    void aMachineIsTakenFromTheDecisionOnAndUntilTheJobHasEnded() {
        assertThat(claim("one", "a", "b")).isEmpty();
        assertThat(claim("two", "b", "c").orElseThrow()).contains("one", "b");
        assertThat(claim("one", "a", "b")).as("by itself it is not blocked").isEmpty();

        appears("one", "a,b", false);
        assertThat(claim("two", "b", "c")).isPresent();
        assertThat(claims.waiting()).containsExactly(new ResourceID("two", "net"));
        appears("one", "a,b", true);
        assertThat(claim("two", "b", "c")).isEmpty();
        assertThat(claims.waiting()).isEmpty();
    }

    /** After a restart there are only the Jobs. */
    @Test
    void liveJobsAreEnough() {
        appears("before", "a", false);
        assertThat(claim("after", "a").orElseThrow()).contains("before");
        assertThat(claims.claim(
                        run("after", "ping", "other"), "job-x", ConcurrencyPolicy.ALLOW, List.of("a"), jobs, pods))
                .as("a machine of the same name in another namespace is another")
                .isEmpty();
    }

    @Test
    void placesAreLimited() {
        assertThat(claim("one", "a")).isEmpty();
        assertThat(claim("two", "b")).isEmpty();
        assertThat(claim("three", "c")).isEmpty();
        assertThat(claim("four", "d").orElseThrow()).contains("3 may go on at a time");
        claims.forget(new ResourceID("two", "net"));
        assertThat(claim("four", "d")).isEmpty();
    }

    @Test
    void aTemplateMayWantItsRunsOneAfterTheOther() {
        assertThat(claim("one", ConcurrencyPolicy.FORBID, "a")).isEmpty();
        assertThat(claim("two", ConcurrencyPolicy.FORBID, "b").orElseThrow()).contains("one", "Forbid");
        assertThat(claims.claim(
                        run("three", "other", "net"), "job-three", ConcurrencyPolicy.FORBID, List.of("b"), jobs, pods))
                .isEmpty();
    }

    private Optional<String> claimIn(String namespace, String name, String host) {
        return claims.claim(
                run(name, "ping", namespace), "job-" + name, ConcurrencyPolicy.ALLOW, List.of(host), jobs, pods);
    }

    private static Pod pod(String namespace, String job, String hosts, boolean begun) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName(job + "-x")
                .withNamespace(namespace)
                .addToLabels(RunObservation.JOB_NAME, job)
                .addToLabels(RunnerJob.TEMPLATE_LABEL, RunnerJob.templateLabel("ping"))
                .addToAnnotations(RunnerJob.HOSTS_ANNOTATION, hosts)
                .endMetadata()
                .withNewSpec()
                .endSpec();
        return begun
                ? pod.withNewStatus()
                        .addNewContainerStatus()
                        .withName("runner")
                        .withNewState()
                        .withNewRunning()
                        .endRunning()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build()
                : pod.build();
    }

    private void begins(String namespace, String name, String host) {
        appears(name, host, false);
        jobs.getLast().getMetadata().setNamespace(namespace);
        pods.add(pod(namespace, "job-" + name, host, true));
    }

    /** Refused by a quota, not scheduled, without its image: none of that is another tenant's concern. */
    @Test
    void whatHasNotBegunTakesNoPlaceOfAnotherNamespace() {
        for (var name : List.of("one", "two", "three")) {
            assertThat(claimIn("net", name, "host-" + name)).isEmpty();
            assertThat(claimIn("net", name, "host-" + name)).as("tried again").isEmpty();
        }
        assertThat(claimIn("other", "innocent", "x")).isEmpty();
        assertThat(claimIn("other", "second", "y")).isEmpty();
        assertThat(claimIn("net", "four", "z")).isPresent();
    }

    @Test
    void aNamespaceWithoutARunGetsAPlaceWhateverTheOthersHave() {
        for (var name : List.of("one", "two", "three")) {
            begins("net", name, "host-" + name);
        }
        assertThat(claimIn("net", "four", "x").orElseThrow()).contains("most-at-once");
        assertThat(claimIn("other", "first", "x")).isEmpty();
        begins("other", "first", "x");
        assertThat(claimIn("other", "second", "y")).isPresent();

        jobs.removeIf(job -> job.getMetadata().getName().equals("job-one")
                || job.getMetadata().getName().equals("job-two"));
        pods.removeIf(pod -> pod.getMetadata().getName().matches("job-(one|two)-x"));
        assertThat(claimIn("net", "four", "z"))
                .as("1 of its runs goes on, 1 of the other's")
                .isEmpty();
    }

    /** Anybody who may make pods can give them the labels of a runner's. */
    @Test
    void noNamespaceCountsForMoreThanAllPlaces() {
        for (var i = 0; i < 50; i++) {
            pods.add(pod("flood", "job-" + i, "host-" + i, i % 2 == 0));
        }
        assertThat(claimIn("other", "innocent", "x")).isEmpty();
    }

    @Test
    void whoHasFewerRunsGoesFirst() {
        begins("net", "one", "a");
        begins("net", "two", "b");
        begins("other", "guest", "c");
        assertThat(claimIn("other", "waits", "d")).isPresent();
        jobs.removeIf(job -> job.getMetadata().getName().equals("job-guest"));
        pods.removeIf(pod -> pod.getMetadata().getName().equals("job-guest-x"));
        assertThat(claimIn("net", "greedy", "e").orElseThrow()).contains("fewer runs go first");
        assertThat(claimIn("other", "waits", "d")).isEmpty();
        assertThat(woken).as("the one that let it go first").contains(new ResourceID("greedy", "net"));
    }

    /** The run was deleted and its Job with it; the pod has its grace yet. */
    @Test
    void aPodThatStillEndsHasItsMachines() {
        pods.add(pod("net", "job-gone", "a", true));
        assertThat(claim("after", "a").orElseThrow()).contains("job-gone", "deleted");
        assertThat(claim("beside", "b")).isEmpty();
        pods.clear();
        assertThat(claim("after", "a")).isEmpty();
    }

    @Test
    void whoeverLetsGoWakesThoseThatWait() {
        assertThat(claim("one", "a")).isEmpty();
        assertThat(claim("two", "a")).isPresent();
        claims.forget(new ResourceID("one", "net"));
        assertThat(woken).containsExactly(new ResourceID("two", "net"));
    }

    @Test
    void aRunIsReplacedOnlyByOneThatMayRun() {
        assertThat(claim("one", ConcurrencyPolicy.REPLACE, "a")).isEmpty();
        appears("one", "a", false);
        assertThat(claims.mayRun(new ResourceID("two", "net"))).isFalse();
        assertThat(claim("two", ConcurrencyPolicy.REPLACE, "b")).isPresent();
        assertThat(claims.mayRun(new ResourceID("two", "net"))).isTrue();
        assertThat(woken).containsExactly(new ResourceID("one", "net"));
        claims.forget(new ResourceID("two", "net"));
        assertThat(claims.mayRun(new ResourceID("two", "net"))).isFalse();
    }

    /** 2,000 long names do not fit into the annotations of an object. */
    @Test
    void machinesAreKnownByTheirDigestsToo() {
        var names = IntStream.range(0, 2_000).mapToObj(i -> "n".repeat(60) + i).toList();
        var hosts = RunnerJob.hosts(names);
        assertThat(hosts).hasSizeLessThan(64 * 1024).startsWith("#");
        appears("large", hosts, false);
        assertThat(claim("after", names.get(7)).orElseThrow()).contains("large", names.get(7));
        assertThat(claim("other", "x")).isEmpty();
    }
}
