package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Adoption;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.FakeContext;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestRun;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The templates of a machine are the operator's, and a run is made once for a wish. */
class MachineEffectsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final FakeEvents events = new FakeEvents();
    private final TailnetNode node = TestNode.node("web-1").ssh("10.0.0.7").build();
    private final List<AutomationRun> seen = new ArrayList<>();
    private MachineEffects effects;

    @BeforeEach
    void start() {
        api.at(NOW);
        effects = new MachineEffects(api.client(), new EventRecorder(events.client(), new ManualClock(NOW)));
    }

    /** A machine that has a join key and has not joined. */
    private MachineInput input() {
        return new MachineInput(
                node,
                node.getSpec().ssh(),
                new KeyRef("web-1-join", "authkey"),
                Mode.ENFORCE,
                Fact.no(ConditionType.JOINED, Reason.DEVICE_NOT_FOUND, "no device"),
                null,
                "k1",
                false,
                new Preferences(
                        "web-1", new TreeSet<>(), false, false, null, null, null, null, null, Adoption.PLAN, null),
                Map.of(),
                Duration.ofSeconds(1),
                seen,
                NOW);
    }

    private MachineOutcome sync() {
        return effects.perform(
                node, MachinePlanner.plan(input()), new FakeContext(new NodeCache(List.of(node)), null).context());
    }

    private List<String> runs() {
        return api.names().stream()
                .filter(name -> name.startsWith("automationruns/"))
                .toList();
    }

    private AutomationTemplate template(String name) {
        return api.get(AutomationTemplate.class, "net", name);
    }

    private AutomationRun run(String name, RunPhase phase) {
        var run = Serialization.unmarshal("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s, namespace: net, uid: uid-%s, creationTimestamp: "2026-03-01T11:00:00Z"}
                spec: {templateRef: {name: web-1-join}, targets: {nodes: [{name: web-1}]}}
                """.formatted(name, name), AutomationRun.class);
        TestRun.comesTo(phase, run, NOW);
        api.has(run);
        return run;
    }

    @Test
    void theTemplatesComeBeforeTheRunAndAllOfItOnce() {
        assertThat(sync().fact().message()).endsWith(": a run is started");
        assertThat(sync().fact().message())
                .as("the cache has not seen the run yet")
                .endsWith(": a run is started");

        assertThat(api.names().subList(0, 2))
                .containsExactly("automationtemplates/web-1-join", "automationtemplates/web-1-machine");
        assertThat(runs()).hasSize(1);
        assertThat(events.reasons()).containsExactly("MachineRunStarted");
        assertThat(template("web-1-join").getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void aRunIsOrderedForTheTemplateAsItIs() {
        sync();

        var made = api.get(AutomationRun.class, "net", runs().getFirst().replace("automationruns/", ""));
        assertThat(made.getMetadata().getAnnotations())
                .containsEntry("tailnet.xo-network.com/template-generation", "1");
    }

    /** Whoever may change templates could otherwise choose an image that gets the join key. */
    @Test
    void whatSomebodyChangedInATemplateIsPutBack() {
        sync();
        var wanted = template("web-1-join").getSpec();
        var changed = template("web-1-join");
        api.has(Serialization.unmarshal(
                Serialization.asJson(changed).replace("\"spec\":{", "\"spec\":{\"image\":\"theirs\","),
                AutomationTemplate.class));
        assertThat(template("web-1-join").getSpec().image()).isEqualTo("theirs");
        sync();

        assertThat(template("web-1-join").getSpec()).isEqualTo(wanted);
    }

    @Test
    void aTemplateOfSomebodyElseIsLeftAloneAndNothingStarts() {
        sync();
        var theirs = template("web-1-join");
        theirs.getMetadata().setOwnerReferences(List.of());
        theirs.getMetadata().setLabels(Map.of());
        api.lacks(api.get(AutomationRun.class, "net", runs().getFirst().replace("automationruns/", "")));
        api.has(theirs);
        var before = api.writes().size();
        var plan = sync();

        assertThat(plan.fact())
                .returns(Reason.CONFLICT, Fact::reason)
                .satisfies(fact -> assertThat(fact.message())
                        .contains("AutomationTemplate web-1-join that does not belong to this node"));
        assertThat(api.writes()).hasSize(before);
        assertThat(runs()).isEmpty();
    }

    /** A node that was made anew with {@code --cascade=orphan} finds the templates of the one before. */
    @Test
    void aTemplateThatIsLeftOverIsTakenBack() {
        sync();
        var orphan = template("web-1-join");
        orphan.getMetadata().setOwnerReferences(List.of());
        api.has(orphan);
        sync();

        assertThat(template("web-1-join").getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid-web-1"));
    }

    @Test
    void aTemplateThatIsRefusedIsToldAndNothingStarts() {
        api.refuses("PATCH", "automationtemplates", 403, "exceeded quota: none");
        var plan = sync();

        assertThat(plan.fact().reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(plan.fact().message()).contains("exceeded quota: none");
        assertThat(plan.lookAgain()).contains(Duration.ofMinutes(2));
        assertThat(runs()).isEmpty();
    }

    @Test
    void aRunThatIsRefusedIsToldAndMadeLater() {
        api.refuses("POST", "automationruns", 503, "no etcd");
        assertThat(sync().fact().reason()).isEqualTo(Reason.PENDING);
        assertThat(events.reasons()).isEmpty();

        api.relents();
        assertThat(sync().fact().reason()).isEqualTo(Reason.PROGRESSING);
        assertThat(runs()).hasSize(1);
        assertThat(events.reasons()).containsExactly("MachineRunStarted");
    }

    @Test
    void onlyOldRunsGoAndNotTheOneThatSucceeded() {
        for (var number = 1; number <= 9; number++) {
            seen.add(run("failed-" + number, RunPhase.FAILED));
        }
        seen.add(run("succeeded", RunPhase.SUCCEEDED));
        seen.add(run("older", RunPhase.SUCCEEDED));
        sync();

        assertThat(runs()).contains("automationruns/failed-8", "automationruns/succeeded");
        assertThat(runs()).doesNotContain("automationruns/failed-9", "automationruns/older");
    }

    /** Its template was deleted, and the generations of the new one begin again. */
    @Test
    void aRunThatWaitsForAGenerationThatNeverComesIsRemoved() {
        var waits = run("waits", RunPhase.PENDING);
        waits.setStatus(null);
        waits.getMetadata().setAnnotations(Map.of("tailnet.xo-network.com/template-generation", "7"));
        var stays = run("stays", RunPhase.PENDING);
        stays.setStatus(null);
        stays.getMetadata().setAnnotations(Map.of("tailnet.xo-network.com/template-generation", "1"));
        seen.addAll(List.of(waits, stays));
        sync();

        assertThat(runs()).containsExactly("automationruns/stays");
    }

    @Test
    void nothingIsAskedForAMachineThatCannotBe() {
        var forbidden = TestNode.node("web-1").ssh("169.254.169.254").build();
        node.setSpec(forbidden.getSpec());

        assertThat(sync().fact().reason()).isEqualTo(Reason.INVALID);
        assertThat(api.requests()).isEmpty();
    }
}
