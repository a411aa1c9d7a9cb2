package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemplatePlannerTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final RunSource THERE = new RunSource("sha256:1", null);

    private static AutomationTemplate template(String source, String more) {
        return Serialization.unmarshal("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: ping, namespace: net%s}
                spec:
                  engine: ansible
                  source: %s
                  ttlSecondsAfterFinished: 3600
                  ssh: {keySecretRef: {name: ssh, key: id}}
                """.formatted(more, source), AutomationTemplate.class);
    }

    private static AutomationTemplate builtin() {
        return template("{builtin: xo.tailnet.ping}", "");
    }

    private static AutomationTemplate files() {
        return template("{configMap: {name: book, entry: play.yml}}", "");
    }

    private static AutomationRun ended() {
        return Serialization.unmarshal("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: old, namespace: net, uid: old, creationTimestamp: "2026-11-24T09:00:00Z"}
                spec: {templateRef: {name: ping}, targets: {nodes: [{name: web-1}]}}
                status:
                  phase: Succeeded
                  attempt: 1
                  finishedAt: "2026-11-24T10:00:00Z"
                  conditions:
                  - {type: Succeeded, status: "True", reason: Succeeded, message: m, lastTransitionTime: "2026-11-24T10:00:00Z"}
                """, AutomationRun.class);
    }

    private static TemplatePlan plan(AutomationTemplate template, RunSource source) {
        return TemplatePlanner.plan(new TemplateInput(template, source, List.of(ended()), NOW));
    }

    private static List<String> said(TemplatePlan plan) {
        return plan.facts().stream()
                .map(fact -> fact.type() + "=" + fact.status() + "/" + fact.reason())
                .toList();
    }

    @Test
    void runsCanStartWhereTheSourceIsThere() {
        var plan = plan(files(), THERE);

        assertThat(said(plan)).containsExactly("Valid=True/Valid");
        assertThat(plan.digest()).isEqualTo("sha256:1");
    }

    @Test
    void aSourceThatIsMissingIsNamed() {
        var plan = plan(files(), RunSource.of(files().getSpec().source(), null));

        assertThat(said(plan)).containsExactly("Valid=False/SourceNotFound");
        assertThat(plan.facts().getFirst().message()).contains("there is no ConfigMap book");
    }

    @Test
    void whatIsNotWatchedIsReadAgain() {
        assertThat(plan(files(), THERE).sourceCheck()).contains(Duration.ofMinutes(1));
        assertThat(plan(builtin(), new RunSource(null, null)).sourceCheck()).isEmpty();
    }

    @Test
    void whatEndedLongAgoIsRemoved() {
        var plan = plan(builtin(), new RunSource(null, null));

        assertThat(plan.retention().remove())
                .extracting(run -> run.getMetadata().getName())
                .containsExactly("old");
        assertThat(plan.nextRemoval(true)).isEmpty();
        assertThat(plan.nextRemoval(false)).as("it is there still").contains(Duration.ofMinutes(1));
    }

    /** Its runs may belong to somebody who looks at them yet. */
    @Test
    void aTemplateThatIsBeingDeletedRemovesNothing() {
        var going = template("{builtin: xo.tailnet.ping}", ", deletionTimestamp: \"2026-11-24T11:59:00Z\"");

        assertThat(plan(going, new RunSource(null, null)).retention())
                .isEqualTo(new RetentionPlanner.Plan(List.of(), Optional.empty()));
    }
}
