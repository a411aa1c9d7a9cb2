package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealAction;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Quorum;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import com.xonetwork.tailnet.api.v1alpha1.HealSource;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.heal.HealPlan.Remedy;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import com.xonetwork.tailnet.heal.Votes.Vote;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.HealMetrics;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestRun;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was decided is done once, and not at all when it is not so any more. */
class HealEffectsTest {

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final FakeEvents events = new FakeEvents();
    private final Fleet fleet = new Fleet().down("web").later("2m");
    private final TailnetNode node = fleet.nodes.getFirst();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private HealEffects effects;

    @BeforeEach
    void start() {
        api.has(node);
        var clock = new ManualClock(fleet.now);
        effects = new HealEffects(
                api.client(), new EventRecorder(events.client(), clock), new HealMetrics(registry), clock);
    }

    private static Remediation reup() {
        return new Remediation(HealAction.REUP, null, "10m", 0, false, null);
    }

    private Remedy remedy(Remediation remediation, Map<HealSource, Vote> votes) {
        return new Remedy(node, 1, remediation, null, new Votes(votes), "Online is False");
    }

    private Optional<Told> begin(HealPolicy policy, Remedy remedy) {
        return effects.begin(policy, remedy, fleet.now);
    }

    private Optional<Told> begin() {
        return begin(fleet.policy(), remedy(reup(), Map.of()));
    }

    private List<String> runs() {
        return api.names().stream()
                .filter(name -> name.startsWith("automationruns/"))
                .toList();
    }

    private AutomationRun begun() {
        begin();
        return api.get(AutomationRun.class, "net", runs().getFirst().replace("automationruns/", ""));
    }

    @Test
    void aRemedyIsBegunAndToldOnce() {
        assertThat(begin()).isEmpty();
        assertThat(begin()).as("the cache has not seen it yet").isEmpty();

        assertThat(runs()).hasSize(1);
        assertThat(events.reasons()).containsExactly("RemediationStarted");
        assertThat(events.messages().getFirst()).startsWith("TailnetNode web: AutomationRun web-heal-");
    }

    @Test
    void whatIsBegunIsToldAndCounted() {
        var outcome = effects.perform(fleet.policy(), fleet.plan());

        assertThat(outcome.told()).extracting(Told::node, Told::decision).containsExactly(tuple("web", "Started"));
        assertThat(registry.getMeters()).hasSize(1);
    }

    @Test
    void whatIsHeldIsToldAndNotCounted() {
        api.lacks(node);

        var outcome = effects.perform(fleet.policy(), fleet.plan());
        assertThat(outcome.told()).containsExactly(new Told("web", "Held", "Recheck", "the node is being deleted"));
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aNodeThatHasBecomeHealthySinceIsLeftAlone() {
        api.has(new Fleet().up("web").nodes.getFirst());

        assertThat(begin()).contains(new Told("web", "Held", "Recheck", "the node has become healthy by itself"));
        assertThat(runs()).isEmpty();
    }

    @Test
    void soIsOneThatIsGoneOrGoing() {
        api.lacks(node);
        assertThat(begin()).contains(new Told("web", "Held", "Recheck", "the node is being deleted"));
        var going = TestNode.node("web").deleting("2026-03-01T12:01:00Z").build();
        going.setStatus(node.getStatus());
        api.has(going);
        assertThat(begin()).contains(new Told("web", "Held", "Recheck", "the node is being deleted"));

        assertThat(runs()).isEmpty();
    }

    @Test
    void aRunThatIsRefusedIsToldToTheCallerAndBegunLater() {
        api.refuses("POST", "automationruns", 403, "exceeded quota: none");

        assertThatThrownBy(this::begin).isInstanceOf(KubernetesClientException.class);
        assertThat(events.reasons()).isEmpty();
        api.relents();
        assertThat(begin()).isEmpty();
        assertThat(events.reasons()).containsExactly("RemediationStarted");
    }

    @Test
    void aSourceThatSaysUpHoldsIt() {
        var remedy = remedy(
                new Remediation(HealAction.REBOOT, null, "10m", 0, false, null), Map.of(HealSource.LAST_RUN, Vote.UP));

        assertThat(begin(fleet.policy(), remedy)).hasValueSatisfying(told -> {
            assertThat(told.guard()).isEqualTo("Quorum");
            assertThat(told.message()).startsWith("Online is False: a source of the quorum says that the node is up");
        });
        assertThat(runs()).isEmpty();
    }

    /** Nothing asks a machine at a loopback address, so this one does not answer. */
    @Test
    void whereSshIsAskedTheRemedyWaitsForTheAnswer() {
        var silent = TestNode.node("web").ssh("127.0.0.1").build();
        silent.setStatus(node.getStatus());
        api.has(silent);
        fleet.quorum = new Quorum(List.of(HealSource.CONTROL_PLANE, HealSource.SSH), 2);
        var remedy = remedy(
                new Remediation(null, new LocalRef("mend"), "10m", 0, false, null),
                Map.of(HealSource.CONTROL_PLANE, Vote.DOWN, HealSource.SSH, Vote.UNKNOWN));

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            var told = begin(fleet.policy(), remedy);
            assertThat(told.map(Told::message)).isIn(Optional.empty(), Optional.of(Recheck.ASKED));
            assertThat(runs()).hasSize(told.isEmpty() ? 1 : 0);
            return told.isEmpty();
        });
    }

    @Test
    void aRunIsCancelledAsItIsByNow() {
        var run = begun();
        var approved = api.get(AutomationRun.class, "net", run.getMetadata().getName());
        approved.getMetadata().setLabels(Map.of("kept", "true"));
        api.has(approved);
        TestRun.comesTo(RunPhase.RUNNING, run, fleet.now);
        effects.cancel(run);

        var there = api.get(AutomationRun.class, "net", run.getMetadata().getName());
        assertThat(there.getSpec().cancel()).isTrue();
        assertThat(there.getSpec().requestId()).isEqualTo(run.getSpec().requestId());
        assertThat(there.getMetadata().getLabels()).containsEntry("kept", "true");
        assertThat(run.getSpec().cancel()).as("the cache's own").isFalse();
    }

    @Test
    void aRunThatIsGoneNeedsNoCancelling() {
        var run = begun();
        effects.remove(run);
        assertThat(runs()).isEmpty();

        effects.cancel(run);
        effects.remove(run);
        assertThat(runs()).as("it does not come back").isEmpty();
    }

    @Test
    void aCancellingThatIsRefusedIsToldToTheCaller() {
        var run = begun();
        api.refuses("PATCH", "automationruns", 403, "no");
        api.refuses("PUT", "automationruns", 403, "no");

        assertThatThrownBy(() -> effects.cancel(run)).isInstanceOf(KubernetesClientException.class);
    }
}
