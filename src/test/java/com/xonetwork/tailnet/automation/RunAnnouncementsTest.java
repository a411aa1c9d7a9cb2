package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.RunMetrics;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestRun;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which template a run is counted for: a name that anybody may invent is none. */
class RunAnnouncementsTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RunAnnouncements announcements = new RunAnnouncements(
            new EventRecorder(new FakeEvents().client(), Clock.systemUTC()), new RunMetrics(registry));

    private static <R> R read(Class<R> kind, String yaml) {
        try {
            return YAML.readValue(yaml, kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    private static AutomationTemplate template(String name) {
        return read(AutomationTemplate.class, """
                metadata: {name: %s, namespace: net}
                spec: {engine: ansible, source: {builtin: xo.tailnet.ping}, ssh: {keySecretRef: {name: ssh, key: id}}}
                """.formatted(name));
    }

    private void ends(String name, String template, Optional<AutomationTemplate> found) {
        var run = read(AutomationRun.class, """
                metadata: {name: %1$s, namespace: net, uid: %1$s, generation: 1}
                spec: {templateRef: {name: %2$s}, targets: {nodes: [{name: web-1}]}}
                """.formatted(name, template));
        var ended = read(AutomationRun.class, "metadata: {name: x}");
        TestRun.comesTo(RunPhase.FAILED, ended, Instant.parse("2026-11-24T10:00:00Z"));
        announcements.changed(run, ended.getStatus(), found);
        announcements.changed(run, ended.getStatus(), found);
    }

    private List<String> series() {
        return registry.find("xo.tailnet.runs").timers().stream()
                .map(timer ->
                        timer.getId().getTag("template") + " " + timer.getId().getTag("engine") + " " + timer.count())
                .sorted()
                .toList();
    }

    @Test
    void aTemplateThatThereIsNotIsNoLabel() {
        for (var i = 0; i < 2_000; i++) {
            ends("run-" + i, "made-up-" + i, Optional.empty());
        }
        assertThat(series()).containsExactly("(none) unknown 2000");
    }

    @Test
    void templatesOfMachinesAreOneLabel() {
        for (var i = 0; i < 100; i++) {
            var template = template("web-" + i + "-machine");
            template.getMetadata()
                    .setOwnerReferences(
                            List.of(Ownership.by(TestNode.node("web-" + i).build())));
            ends("run-" + i, "web-" + i + "-machine", Optional.of(template));
        }
        assertThat(series()).containsExactly("(machine) ansible 100");
    }

    @Test
    void aTemplateOfAUserIsALabelAsLongAsItIsThere() {
        ends("first", "ping", Optional.of(template("ping")));
        ends("second", "motd", Optional.of(template("motd")));
        assertThat(series()).containsExactly("motd ansible 1", "ping ansible 1");
        announcements.forget(template("ping"));
        assertThat(series()).containsExactly("motd ansible 1");
    }

    /** A template that belongs to something else than a node is not a machine's, whatever it is called. */
    @Test
    void aNameIsNotWhatMakesATemplateAMachines() {
        ends("first", "web-1-machine", Optional.of(template("web-1-machine")));
        assertThat(series()).containsExactly("web-1-machine ansible 1");
    }
}
