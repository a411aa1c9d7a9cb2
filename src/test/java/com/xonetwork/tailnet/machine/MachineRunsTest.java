package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.HealMode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.LabelSelector;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestRun;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who may have a join key made: a run by anybody else is none of these. */
class MachineRunsTest {

    private final TailnetNode node =
            TestNode.node("web-1").label("role", "web").ssh("10.0.0.7").build();
    private final HealPolicy policy = policy("home", "web");

    private static HealPolicy policy(String tailnet, String role) {
        var policy = new HealPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withName("heal")
                .withNamespace("net")
                .withUid("uid-of-policy")
                .build());
        policy.setSpec(new HealPolicySpec(
                new LocalRef(tailnet),
                new LabelSelector(Map.of("role", role), List.of()),
                HealMode.ENFORCE,
                List.of(),
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of()));
        return policy;
    }

    private AutomationRun run(Map<String, String> labels, OwnerReference... owners) {
        var run = new AutomationRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withName("steal")
                .withLabels(labels)
                .withOwnerReferences(owners)
                .build());
        run.setSpec(new AutomationRunSpec(
                new LocalRef("web-1-join"),
                new RunTargets(List.of(MachineTemplates.target(node)), null),
                MachineOrder.parameters(MachineAction.REKEY),
                false,
                false,
                false,
                null,
                null,
                null));
        return run;
    }

    private AutomationRun ended(int number, RunPhase phase) {
        var run = run(Map.of());
        run.getMetadata().setName("run-" + number);
        TestRun.comesTo(phase, run, Instant.parse("2026-11-24T10:00:00Z"));
        return run;
    }

    /** Otherwise, after eight runs in vain, nothing tells that the machine must be logged out first. */
    @Test
    void theNewestRunThatSucceededIsKept() {
        var runs = IntStream.range(0, 12)
                .mapToObj(number -> ended(number, number >= 10 ? RunPhase.SUCCEEDED : RunPhase.FAILED))
                .toList();
        assertThat(MachineUpkeep.outdated(runs))
                .extracting(run -> run.getMetadata().getName())
                .containsExactly("run-8", "run-9", "run-11");
    }

    private boolean isRemedy(AutomationRun run) {
        return MachineRuns.isRemedy(node, run, List.of(policy));
    }

    @Test
    void aRemedyBelongsToAPolicyThatIsThereAndSelectsTheNode() {
        var label = Map.of(MachineRuns.HEAL_POLICY_LABEL, "uid-of-policy");
        var remedy = run(label, Ownership.by(policy));
        assertThat(isRemedy(remedy)).isTrue();
        assertThat(MachineRuns.isForOneMachine(remedy)).isTrue();
        assertThat(MachineRuns.isRemedy(node, remedy, List.of()))
                .as("no such policy")
                .isFalse();
        assertThat(MachineRuns.isRemedy(node, remedy, List.of(policy("home", "db"))))
                .as("of other nodes")
                .isFalse();
        assertThat(MachineRuns.isRemedy(node, remedy, List.of(policy("other", "web"))))
                .as("of another tailnet")
                .isFalse();
    }

    @Test
    void aRunThatSomebodyMadeIsNone() {
        var label = Map.of(MachineRuns.HEAL_POLICY_LABEL, "uid-of-policy");
        assertThat(isRemedy(run(Map.of()))).as("a stranger's").isFalse();
        assertThat(MachineRuns.isForOneMachine(run(Map.of()))).isFalse();
        assertThat(isRemedy(run(label))).as("a label alone").isFalse();
        assertThat(isRemedy(run(Map.of(), Ownership.by(policy))))
                .as("an owner alone")
                .isFalse();
        assertThat(isRemedy(run(Map.of(MachineRuns.HEAL_POLICY_LABEL, "another"), Ownership.by(policy))))
                .as("the label of another")
                .isFalse();
        var notController = new OwnerReferenceBuilder(Ownership.by(policy))
                .withController(false)
                .build();
        assertThat(isRemedy(run(label, notController))).as("no controller").isFalse();
        var otherGroup = new OwnerReferenceBuilder(Ownership.by(policy))
                .withApiVersion("example.com/v1")
                .build();
        assertThat(isRemedy(run(label, otherGroup))).as("another group").isFalse();
    }

    @Test
    void theNodesOwnRunsBelongToItByUid() {
        var label = Map.of(MachineRuns.MACHINE_LABEL, "true");
        assertThat(MachineRuns.isOf(node, run(label, Ownership.by(node)))).isTrue();
        assertThat(MachineRuns.isOf(node, run(label))).isFalse();
        assertThat(MachineRuns.isOf(node, run(Map.of(), Ownership.by(node)))).isFalse();
        var earlier = new OwnerReferenceBuilder(Ownership.by(node))
                .withUid("of-one-that-was-deleted")
                .build();
        assertThat(MachineRuns.isOf(node, run(label, earlier))).isFalse();
    }
}
