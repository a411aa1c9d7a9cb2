package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.pure.Pure;
import java.util.Collection;
import java.util.Optional;

/**
 * Which runs the operator made for a machine. A name proves nothing of who made a run: what counts is its controller, and the
 * label that goes with it. An admission policy of the chart reserves both to the operator's account.
 */
@Pure
public final class MachineRuns {

    /** On a run that belongs to a TailnetNode: it lets the node's machine join, or sets it as wanted. The value is {@code true}. */
    public static final String MACHINE_LABEL = ApiGroup.GROUP + "/machine-run";

    /** On a run that belongs to a HealPolicy: the policy's UID. */
    public static final String HEAL_POLICY_LABEL = ApiGroup.GROUP + "/heal-policy";

    private MachineRuns() {}

    /** Whether the operator made a run for the one machine of this run's only target, by what the run says of itself. */
    public static boolean isForOneMachine(AutomationRun run) {
        return run.getSpec().targets().nodes().size() == 1
                && (label(run, MACHINE_LABEL).isPresent()
                        || label(run, HEAL_POLICY_LABEL).isPresent());
    }

    /** Whether the run belongs to the node itself. */
    static boolean isOf(TailnetNode node, AutomationRun run) {
        return label(run, MACHINE_LABEL).isPresent()
                && Ownership.controller(run, TailnetNode.class)
                        .filter(owner ->
                                owner.getUid().equals(node.getMetadata().getUid()))
                        .isPresent();
    }

    /**
     * Whether the run is a remedy for the node, by a HealPolicy that is there and selects it.
     *
     * @param policies of the node's namespace
     */
    static boolean isRemedy(TailnetNode node, AutomationRun run, Collection<HealPolicy> policies) {
        var uid = Ownership.controller(run, HealPolicy.class)
                .map(owner -> owner.getUid())
                .filter(owner -> label(run, HEAL_POLICY_LABEL).equals(Optional.of(owner)));
        return uid.isPresent()
                && policies.stream()
                        .filter(policy -> policy.getMetadata().getUid().equals(uid.get()))
                        .anyMatch(policy -> selects(policy, node));
    }

    private static boolean selects(HealPolicy policy, TailnetNode node) {
        return policy.getSpec().tailnetRef().equals(node.getSpec().tailnetRef())
                && policy.getSpec().selector().selects(node.getMetadata().getLabels());
    }

    private static Optional<String> label(AutomationRun run, String name) {
        return Optional.ofNullable(run.getMetadata().getLabels()).map(labels -> labels.get(name));
    }
}
