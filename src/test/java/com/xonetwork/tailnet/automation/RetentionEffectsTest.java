package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.testing.FakeCluster;
import com.xonetwork.tailnet.testing.FakeEvents;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionEffectsTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private final FakeCluster cluster = new FakeCluster();
    private final FakeEvents events = new FakeEvents();
    private final RetentionEffects effects =
            new RetentionEffects(cluster.client(), new EventRecorder(events.client(), Clock.systemUTC()));

    private static <R> R read(Class<R> kind, String yaml) {
        try {
            return YAML.readValue(yaml, kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    private static AutomationRun run(String name, int version) {
        return read(AutomationRun.class, """
                metadata: {name: %s, namespace: net, uid: uid-%s, resourceVersion: "%d"}
                spec: {templateRef: {name: ping}, targets: {nodes: [{name: web-1}]}}
                status: {phase: Succeeded, attempt: 2}
                """.formatted(name, name, version));
    }

    private static Job job(String run, boolean hasEnded, Integer ttl) {
        var job = new JobBuilder()
                .withNewMetadata()
                .withNamespace("net")
                .withName("xo-run-uid-" + run + "-2")
                .endMetadata()
                .withNewSpec()
                .withTtlSecondsAfterFinished(ttl)
                .endSpec();
        return hasEnded
                ? job.withNewStatus()
                        .addNewCondition()
                        .withType("Complete")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build()
                : job.build();
    }

    private boolean remove(AutomationRun... runs) {
        var template = read(AutomationTemplate.class, "metadata: {name: ping, namespace: net, uid: t, generation: 1}");
        return effects.remove(template, List.of(runs));
    }

    @Test
    void whatIsLetGoIsRemovedAndTold() {
        cluster.with(run("one", 7), run("two", 8), job("two", true, 3600));
        assertThat(remove(run("one", 7), run("two", 8))).isTrue();
        assertThat(cluster.keys()).containsExactly("Job net/xo-run-uid-two-2");
        assertThat(events.reasons()).containsExactly("RunsRemoved");
        assertThat(events.messages().getFirst()).contains("2 AutomationRuns", "one, two");
    }

    /** Its Job tells how it ended, and its Secret opens things, until both are let go. */
    @Test
    void whatMayStillRunOrIsNotLetGoStays() {
        cluster.with(run("runs", 7), run("kept", 8), job("runs", false, 3600), job("kept", true, null));
        assertThat(remove(run("runs", 7), run("kept", 8))).isFalse();
        assertThat(cluster.keys()).contains("AutomationRun net/runs", "AutomationRun net/kept");
        assertThat(events.reasons()).isEmpty();
    }

    /** Somebody has changed it, or has made another of its name, since it was looked at. */
    @Test
    void whatIsNotAsItWasLookedAtStays() {
        cluster.with(run("one", 9), run("two", 8));
        assertThat(remove(run("one", 7), run("two", 8))).isFalse();
        assertThat(cluster.keys()).containsExactly("AutomationRun net/one");
        assertThat(events.messages().getFirst()).contains("1 AutomationRun that had ended", "two");
    }
}
