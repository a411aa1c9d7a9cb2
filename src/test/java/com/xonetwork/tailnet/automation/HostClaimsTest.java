package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.ConcurrencyPolicy;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.runner.AttemptKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayDeque;
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
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: AutomationRun
                    metadata: {name: %s, namespace: %s, uid: uid-%1$s}
                    spec: {templateRef: {name: %s}, targets: {nodes: [{name: a}]}}
                    """.formatted(name, namespace, template), AutomationRun.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the operator names it: the one of another name is none of an attempt's. */
    private static String job(String name) {
        return new AttemptKey("net", "uid-" + name, 1).objectName();
    }

    private static ResourceID id(String name) {
        return new ResourceID(name, "net");
    }

    private Optional<String> claim(String name, ConcurrencyPolicy policy, String... hosts) {
        return claims.claim(run(name, "ping", "net"), job(name), policy, List.of(hosts), () -> jobs, () -> pods);
    }

    private Optional<String> claim(String name, String... hosts) {
        return claim(name, ConcurrencyPolicy.ALLOW, hosts);
    }

    private void appears(String name, String hosts, boolean ended) {
        jobs.removeIf(job -> job.getMetadata().getName().equals(job(name)));
        var job = new JobBuilder()
                .withNewMetadata()
                .withName(job(name))
                .withNamespace("net")
                .withUid("job-uid-" + name)
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .addToLabels(RunnerJob.ATTEMPT_LABEL, "1")
                .addToLabels(RunnerJob.TEMPLATE_LABEL, RunnerJob.templateLabel("ping"))
                .addToAnnotations(RunnerJob.HOSTS_ANNOTATION, hosts)
                .withOwnerReferences(Ownership.by(run(name, "ping", "net")))
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
        appears("one", "a,b", true);
        claims.letGo("net/" + job("one"));
        assertThat(woken).containsExactly(id("two"));
        assertThat(claim("two", "b", "c")).isEmpty();
    }

    /** After a restart there are only the Jobs. */
    @Test
    void liveJobsAreEnough() {
        appears("before", "a", false);
        assertThat(claim("after", "a").orElseThrow()).contains("before");
        assertThat(claims.claim(
                        run("after", "ping", "other"),
                        job("after"),
                        ConcurrencyPolicy.ALLOW,
                        List.of("a"),
                        () -> jobs,
                        () -> pods))
                .as("a machine of the same name in another namespace is another")
                .isEmpty();
    }

    @Test
    void placesAreLimited() {
        assertThat(claim("one", "a")).isEmpty();
        assertThat(claim("two", "b")).isEmpty();
        assertThat(claim("three", "c")).isEmpty();
        assertThat(claim("four", "d").orElseThrow()).contains("3 of 3 concurrent runs are active");
        claims.forget(id("two"));
        assertThat(claim("four", "d")).isEmpty();
    }

    @Test
    void aTemplateMayWantItsRunsOneAfterTheOther() {
        assertThat(claim("one", ConcurrencyPolicy.FORBID, "a")).isEmpty();
        assertThat(claim("two", ConcurrencyPolicy.FORBID, "b").orElseThrow()).contains("one", "Forbid");
        assertThat(claims.claim(
                        run("three", "other", "net"),
                        job("three"),
                        ConcurrencyPolicy.FORBID,
                        List.of("b"),
                        () -> jobs,
                        () -> pods))
                .isEmpty();
    }

    private Optional<String> claimIn(String namespace, String name, String host) {
        return claims.claim(
                run(name, "ping", namespace),
                job(name),
                ConcurrencyPolicy.ALLOW,
                List.of(host),
                () -> jobs,
                () -> pods);
    }

    private static Pod pod(String namespace, String name, String hosts, boolean begun) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName(job(name) + "-x")
                .withNamespace(namespace)
                .addToLabels(AttemptJobs.JOB_NAME, job(name))
                .addNewOwnerReference()
                .withKind("Job")
                .withName(job(name))
                .withUid("job-uid-" + name)
                .withController(true)
                .endOwnerReference()
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
        pods.add(pod(namespace, name, host, true));
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
        assertThat(claimIn("other", "second", "y"))
                .as("not 4 of 3")
                .contains(
                        "waits: 4 concurrent runs are active. The limit is 3 (tailnet-operator.runs.most-at-once), and only"
                                + " the first run of a namespace can exceed it");

        for (var name : List.of("one", "two")) {
            jobs.removeIf(job -> job.getMetadata().getName().equals(job(name)));
            pods.removeIf(pod -> pod.getMetadata().getName().equals(job(name) + "-x"));
        }
        assertThat(claimIn("net", "four", "z"))
                .as("1 of its runs goes on, 1 of the other's")
                .isEmpty();
    }

    /** Anybody who may make pods can give them the labels of a runner's. */
    @Test
    void noNamespaceCountsForMoreThanAllPlaces() {
        for (var i = 0; i < 50; i++) {
            pods.add(pod("flood", "flood-" + i, "host-" + i, i % 2 == 0));
        }
        assertThat(claimIn("other", "innocent", "x")).isEmpty();
    }

    @Test
    void whoHasFewerRunsGoesFirst() {
        begins("net", "one", "a");
        begins("net", "two", "b");
        begins("other", "guest", "c");
        assertThat(claimIn("other", "waits", "d")).isPresent();
        jobs.removeIf(job -> job.getMetadata().getName().equals(job("guest")));
        pods.removeIf(pod -> pod.getMetadata().getName().equals(job("guest") + "-x"));
        assertThat(claimIn("net", "greedy", "e").orElseThrow()).contains("fewer active runs go first");
        assertThat(claimIn("other", "waits", "d")).isEmpty();
        assertThat(woken).as("the one that let it go first").contains(id("greedy"));
    }

    /** The run was deleted and its Job with it; the pod has its grace yet. */
    @Test
    void aPodThatStillEndsHasItsMachines() {
        pods.add(pod("net", "gone", "a", true));
        assertThat(claim("after", "a").orElseThrow()).contains(job("gone"), "deleted");
        assertThat(claim("beside", "b")).isEmpty();
        pods.clear();
        assertThat(claim("after", "a")).isEmpty();
    }

    @Test
    void whoeverLetsGoWakesThoseThatWait() {
        assertThat(claim("one", "a")).isEmpty();
        assertThat(claim("two", "a")).isPresent();
        claims.forget(id("one"));
        assertThat(woken).containsExactly(id("two"));
    }

    private Optional<String> retry(ResourceID run) {
        return claimIn(run.getNamespace().orElseThrow(), run.getName(), "host-" + run.getName());
    }

    /** Each looks once or twice, not all of them at each end. */
    @Test
    void theEndOfOneRunDoesNotWakeAllThatWait() {
        var running = new ArrayDeque<String>();
        var waits = 300;
        for (var i = 0; i < waits; i++) {
            var name = "run-" + i;
            if (retry(id(name)).isEmpty()) {
                running.add(name);
            }
        }
        assertThat(running).hasSize(3);
        var looks = 0;
        var ended = 0;
        while (!running.isEmpty()) {
            claims.forget(id(running.remove()));
            ended++;
            while (!woken.isEmpty()) {
                var next = woken.removeFirst();
                looks++;
                if (retry(next).isEmpty()) {
                    running.add(next.getName());
                }
            }
        }
        assertThat(ended).as("every run had its turn").isEqualTo(waits);
        assertThat(looks).isLessThan(2 * waits);
    }

    @Test
    void oneOfThoseForAMachineIsWokenAndTheNextWhenItHasEnded() {
        assertThat(claim("zero", "a")).isEmpty();
        for (var name : List.of("one", "two", "three")) {
            assertThat(claim(name, "a")).isPresent();
        }
        claims.forget(id("zero"));
        assertThat(woken).containsExactly(id("one"));
        woken.clear();
        assertThat(claim("one", "a")).isEmpty();
        claims.forget(id("one"));
        assertThat(woken).containsExactly(id("two"));
    }

    @Test
    void largeRunsAreWokenOneAfterTheOtherToo() {
        var many = IntStream.range(0, 100).mapToObj("host-%d"::formatted).toArray(String[]::new);
        assertThat(claim("zero", many)).isEmpty();
        for (var i = 0; i < 50; i++) {
            assertThat(claim("run-" + i, many)).isPresent();
        }
        claims.forget(id("zero"));
        assertThat(woken).containsExactly(id("run-0"));
    }

    /** What has ended before the run looks wakes nobody any more. */
    @Test
    void aRunDoesNotWaitForWhatEndsWhileItLooks() {
        appears("before", "a", false);
        assertThat(claims.claim(
                        run("after", "ping", "net"),
                        job("after"),
                        ConcurrencyPolicy.ALLOW,
                        List.of("a"),
                        () -> {
                            assertThat(Thread.holdsLock(claims)).isTrue();
                            appears("before", "a", true);
                            return jobs;
                        },
                        () -> pods))
                .isEmpty();
    }

    /** The one whose turn it is was deleted, or waits for something else by now: its turn is the next one's. */
    @Test
    void nobodyWaitsForOneThatDoesNotGo() {
        assertThat(claim("zero", "a")).isEmpty();
        assertThat(claim("other", "b")).isEmpty();
        for (var name : List.of("one", "two", "three")) {
            assertThat(claim(name, "a")).isPresent();
        }
        claims.forget(id("zero"));
        claims.forget(id("one"));
        assertThat(woken).containsExactly(id("one"), id("two"));
        woken.clear();
        assertThat(claim("two", "a", "b").orElseThrow()).contains("other");
        assertThat(woken).containsExactly(id("three"));
        assertThat(claim("three", "a")).isEmpty();
    }

    /** Who may make Jobs and pods gives them any label: without the controller they are nobody's. */
    @Test
    void whatSaysToBeAJobOrAPodOfARunTakesNothing() {
        appears("forged", "a", false);
        jobs.getLast().getMetadata().getOwnerReferences().getFirst().setController(false);
        appears("named", "a", false);
        jobs.getLast().getMetadata().setName("another");
        pods.add(pod("net", "forged", "a", true));
        pods.getLast().getMetadata().setOwnerReferences(List.of());
        assertThat(claim("innocent", "a")).isEmpty();
    }

    @Test
    void aRunIsReplacedOnlyByOneThatMayRun() {
        assertThat(claim("one", ConcurrencyPolicy.REPLACE, "a")).isEmpty();
        appears("one", "a", false);
        assertThat(claims.mayRun(id("two"))).isFalse();
        assertThat(claim("two", ConcurrencyPolicy.REPLACE, "b")).isPresent();
        assertThat(claims.mayRun(id("two"))).isTrue();
        assertThat(woken).containsExactly(id("one"));
        claims.forget(id("two"));
        assertThat(claims.mayRun(id("two"))).isFalse();
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
