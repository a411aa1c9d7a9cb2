package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionPlannerTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Instant END = Instant.parse("2026-11-24T10:00:00Z");

    private final List<AutomationRun> runs = new ArrayList<>();
    private String settings = "ttlSecondsAfterFinished: 3600";
    private Instant now = END.plusSeconds(3600);

    private static <R> R read(Class<R> kind, String yaml) {
        try {
            return YAML.readValue(yaml, kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    private RetentionPlanner.Plan plan() {
        var template = read(AutomationTemplate.class, """
                metadata: {name: ping, namespace: net}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                  %s
                """.formatted(settings));
        return RetentionPlanner.plan(template.getSpec(), runs, now);
    }

    private List<String> removed() {
        return plan().remove().stream().map(run -> run.getMetadata().getName()).toList();
    }

    private AutomationRun run(String name, RunPhase phase, Instant finished, Instant recorded, Integer attempt) {
        var run = read(AutomationRun.class, """
                metadata: {name: %s, namespace: net, uid: uid-%s, creationTimestamp: "2026-11-24T09:00:00Z"}
                spec:
                  templateRef: {name: ping}
                  targets: {nodes: [{name: web-1}]}
                status:
                  phase: %s
                  attempt: %s
                  finishedAt: %s
                  conditions: [{type: Succeeded, status: "True", reason: Succeeded, message: m, lastTransitionTime: "%s"}]
                """.formatted(
                        name, name, phase.word(), attempt, finished == null ? null : "\"" + finished + "\"", recorded));
        runs.add(run);
        return run;
    }

    private AutomationRun ended(String name, RunPhase phase, Instant at) {
        return run(name, phase, at, at, 1);
    }

    @Test
    void withoutALimitAllStay() {
        settings = "forks: 1";
        ended("old", RunPhase.SUCCEEDED, END.minus(Duration.ofDays(4000)));
        assertThat(plan()).isEqualTo(RetentionPlanner.Plan.NOTHING);
    }

    @ParameterizedTest
    @EnumSource(RunPhase.class)
    void whatHasEndedGoesWhenItsTimeIsOverAndNothingElseEver(RunPhase phase) {
        ended("one", phase, END);
        now = now.minusMillis(1);
        assertThat(removed()).as("a moment too early").isEmpty();
        assertThat(plan().lookAgain().isPresent()).isEqualTo(phase.isTerminal());
        now = now.plusMillis(1);
        assertThat(removed()).isEqualTo(phase.isTerminal() ? List.of("one") : List.of());
        now = now.plus(Duration.ofDays(4000));
        assertThat(removed()).isEqualTo(phase.isTerminal() ? List.of("one") : List.of());
    }

    @Test
    void aClockThatIsSetBackRemovesNothing() {
        ended("one", RunPhase.SUCCEEDED, END);
        settings = "ttlSecondsAfterFinished: 60\n  successfulRunsHistoryLimit: 0";
        now = END.minus(Duration.ofHours(3));
        assertThat(removed()).isEmpty();
        assertThat(plan().lookAgain()).contains(Duration.ofHours(3).plusSeconds(60));
    }

    /** The end is told by the node that the pod ran on. */
    @Test
    void ofTwoClocksTheLaterOneCounts() {
        run("behind", RunPhase.SUCCEEDED, END.minus(Duration.ofDays(1)), END.plusSeconds(5), 1);
        run("ahead", RunPhase.SUCCEEDED, END.plus(Duration.ofDays(1)), END, 1);
        assertThat(removed()).isEmpty();
        assertThat(plan().lookAgain()).contains(Duration.ofSeconds(5));
        now = now.plusSeconds(5);
        assertThat(removed()).containsExactly("behind");
    }

    @Test
    void theNewestOfEachKindAreKept() {
        settings = "successfulRunsHistoryLimit: 2\n  failedRunsHistoryLimit: 1";
        for (var i = 1; i <= 4; i++) {
            ended("good-" + i, RunPhase.SUCCEEDED, END.plusSeconds(i));
        }
        ended("bad-1", RunPhase.FAILED, END.plusSeconds(1));
        ended("bad-2", RunPhase.TIMED_OUT, END.plusSeconds(2));
        ended("bad-3", RunPhase.PARTIALLY_FAILED, END.plusSeconds(3));
        ended("live", RunPhase.RUNNING, END);
        assertThat(removed()).containsExactlyInAnyOrder("good-1", "good-2", "bad-1", "bad-2");
        assertThat(plan().lookAgain()).isEmpty();
    }

    @Test
    void nothingGoesBeforeItCanBeRead() {
        settings = "successfulRunsHistoryLimit: 0";
        ended("one", RunPhase.SUCCEEDED, END);
        now = END.plusSeconds(59);
        assertThat(removed()).isEmpty();
        assertThat(plan().lookAgain()).contains(Duration.ofSeconds(1));
        now = END.plusSeconds(60);
        assertThat(removed()).containsExactly("one");
    }

    /** Whoever may create runs must not be able to push out the records of others with runs that do nothing. */
    @Test
    void runsThatNeverStartedPushOutNoneThatDid() {
        settings = "failedRunsHistoryLimit: 1";
        ended("did-something", RunPhase.FAILED, END);
        for (var i = 1; i <= 5; i++) {
            run("nothing-" + i, RunPhase.CANCELLED, END.plusSeconds(i), END.plusSeconds(i), null);
        }
        assertThat(removed()).containsExactly("nothing-1", "nothing-2", "nothing-3", "nothing-4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "argocd.argoproj.io/tracking-id",
                "app.kubernetes.io/instance",
                "kustomize.toolkit.fluxcd.io/name",
                "helm.toolkit.fluxcd.io/name",
                "meta.helm.sh/release-name",
                "objectset.rio.cattle.io/hash",
                "kapp.k14s.io/app"
            })
    void whatWouldBeMadeAndRunAgainStays(String mark) {
        settings = "ttlSecondsAfterFinished: 60\n  successfulRunsHistoryLimit: 0";
        ended("label", RunPhase.SUCCEEDED, END).getMetadata().setLabels(Map.of(mark, "x"));
        ended("annotation", RunPhase.SUCCEEDED, END).getMetadata().setAnnotations(Map.of(mark, "x"));
        ended("other", RunPhase.SUCCEEDED, END).getMetadata().setLabels(Map.of("team", "web"));
        assertThat(removed()).containsExactly("other");
    }

    /** A HealPolicy reads from its runs where it stands; a TailnetNode what its machine was set to. */
    @Test
    void whatBelongsToAnotherObjectStaysAndDoesNotCount() {
        settings = "ttlSecondsAfterFinished: 3600\n  successfulRunsHistoryLimit: 1";
        for (var kind : List.of("HealPolicy", "TailnetNode", "Pipeline")) {
            ended(kind.toLowerCase(Locale.ROOT), RunPhase.SUCCEEDED, END.plusSeconds(60))
                    .getMetadata()
                    .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                            .withApiVersion("v1")
                            .withKind(kind)
                            .withName("x")
                            .withUid("x")
                            .build()));
        }
        now = END.plusSeconds(3599);
        ended("own", RunPhase.SUCCEEDED, END);
        assertThat(removed()).as("it is the newest").isEmpty();
        now = END.plus(Duration.ofDays(9));
        assertThat(removed()).containsExactly("own");
    }

    @Test
    void whatIsBeingDeletedOrIsNotRecordedStays() {
        ended("deleted", RunPhase.SUCCEEDED, END).getMetadata().setDeletionTimestamp("2026-11-24T10:30:00Z");
        run("without-end", RunPhase.SUCCEEDED, null, END, 1);
        run("not-as-we-write-it", RunPhase.SUCCEEDED, END, END, 1);
        runs.getLast().setStatus(read(AutomationRun.class, """
                        metadata: {name: x}
                        status:
                          phase: Succeeded
                          finishedAt: yesterday
                          conditions: [{type: Succeeded, status: "True", reason: r, message: m, lastTransitionTime: x}]
                        """).getStatus());
        run("without-condition", RunPhase.SUCCEEDED, END, END, 1);
        runs.getLast().setStatus(read(AutomationRun.class, """
                        metadata: {name: x}
                        status: {phase: Succeeded, finishedAt: "2026-11-24T10:00:00Z"}
                        """).getStatus());
        now = END.plus(Duration.ofDays(9));
        assertThat(removed()).isEmpty();
    }

    /** The same order, sent again an hour later, must find its run. */
    @Test
    void anOrderWithAKeyIsRememberedForADay() {
        settings = "ttlSecondsAfterFinished: 60\n  successfulRunsHistoryLimit: 0";
        ended("ordered", RunPhase.SUCCEEDED, END)
                .getMetadata()
                .setAnnotations(Map.of(ApiGroup.REQUEST_ANNOTATION, "0b1c"));
        now = END.plus(Duration.ofHours(24)).minusMillis(1);
        assertThat(removed()).isEmpty();
        now = now.plusMillis(1);
        assertThat(removed()).containsExactly("ordered");
    }

    @Test
    void manyGoAFewAtATimeTheOldestFirst() {
        settings = "successfulRunsHistoryLimit: 5";
        for (var i = 0; i < 1000; i++) {
            ended("run-" + i, RunPhase.SUCCEEDED, END.plusSeconds(i));
        }
        var plan = plan();
        assertThat(plan.remove())
                .hasSize(RetentionPlanner.MOST_AT_ONCE)
                .first()
                .satisfies(run -> assertThat(run.getMetadata().getName()).isEqualTo("run-0"));
        assertThat(plan.lookAgain()).contains(Duration.ofSeconds(1));
    }

    /** While a cache is being filled it shows some of the runs. */
    @Test
    void ofSomeOfTheRunsNoneGoesThatWouldStayAmongAll() {
        settings = "successfulRunsHistoryLimit: 3\n  failedRunsHistoryLimit: 2";
        for (var i = 0; i < 10; i++) {
            ended("good-" + i, RunPhase.SUCCEEDED, END.plusSeconds(i));
            ended("bad-" + i, RunPhase.FAILED, END.plusSeconds(i));
        }
        var ofAll = removed();
        var all = List.copyOf(runs);
        for (var missing = 1; missing < 20; missing++) {
            runs.clear();
            for (var i = 0; i < all.size(); i++) {
                if (i % 20 >= missing) {
                    runs.add(all.get(i));
                }
            }
            assertThat(ofAll).containsAll(removed());
            runs.clear();
            runs.addAll(all.subList(0, missing));
            assertThat(ofAll).containsAll(removed());
        }
    }
}
