package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.kube.Age;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.pure.Pure;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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

    /** Also while it waits for another run of the machine: a key that was revoked then would be taken there all the same. */
    private static final Set<RunPhase> TAKING_KEY =
            Collections.unmodifiableSet(EnumSet.of(RunPhase.PENDING, RunPhase.QUEUED, RunPhase.RUNNING));

    private static final Set<RunPhase> AT_WORK = Set.of(RunPhase.RUNNING);

    private MachineRuns() {}

    /** Runs that the operator made for a machine, newest first. @param runs of the node's namespace, in which there may be others */
    public static List<AutomationRun> of(TailnetNode node, Collection<AutomationRun> runs) {
        return runs.stream()
                .filter(run -> isOf(node, run))
                .filter(run -> !run.isMarkedForDeletion())
                .sorted(Age.OLDEST_FIRST.reversed())
                .toList();
    }

    /** Whether a remedy of a HealPolicy takes a join key to the machine, or will once there is one. */
    public static boolean keyIsWanted(
            TailnetNode node, Collection<AutomationRun> runs, Collection<HealPolicy> policies) {
        return logins(node, TAKING_KEY, runs, policies);
    }

    /** Whether such a remedy is at work: nothing cancels it any more because the node looks healthy. */
    public static boolean logsInAnew(
            TailnetNode node, Collection<AutomationRun> runs, Collection<HealPolicy> policies) {
        return logins(node, AT_WORK, runs, policies);
    }

    private static boolean logins(
            TailnetNode node, Set<RunPhase> phases, Collection<AutomationRun> runs, Collection<HealPolicy> policies) {
        var template = MachineTemplates.name(node, MachineAction.JOIN);
        return runs.stream()
                .filter(run -> template.equals(run.getSpec().templateRef().name()))
                .filter(run -> phases.contains(RunPhase.of(run.getStatus())))
                .filter(run -> !run.isMarkedForDeletion())
                .anyMatch(run -> isRemedy(node, run, policies));
    }

    /** ID of the device that the machine itself said it is, in the newest run of a template that the operator keeps for it. */
    public static Optional<String> toldDevice(
            TailnetNode node, Collection<AutomationRun> runs, Collection<HealPolicy> policies) {
        var templates = Set.of(
                MachineTemplates.name(node, MachineAction.JOIN), MachineTemplates.name(node, MachineAction.CONFIGURE));
        return runs.stream()
                .filter(run -> templates.contains(run.getSpec().templateRef().name()))
                .filter(run -> isOf(node, run) || isRemedy(node, run, policies))
                .filter(run -> RunPhase.of(run.getStatus()).isTerminal())
                .sorted(Age.OLDEST_FIRST.reversed())
                .flatMap(run -> run.getStatus().hosts().stream())
                .flatMap(host -> Stream.ofNullable(host.outputs().get(MachinePlanner.DEVICE)))
                .findFirst();
    }

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
