package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.machine.MachineEffects;
import com.xonetwork.tailnet.machine.MachineInput;
import com.xonetwork.tailnet.machine.MachinePlan;
import com.xonetwork.tailnet.machine.MachinePlanner;
import com.xonetwork.tailnet.snapshot.PerResource;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The machine behind a node that is reached over SSH: it joins, and is set as wanted, by runs. */
final class NodeMachine {

    private final MachineEffects machines;
    private final SnapshotPoller poller;
    private final Clock clock;
    /** The last run after whose end the devices were listed at once. */
    private final PerResource<String> listedAfter = new PerResource<>();

    NodeMachine(MachineEffects machines, SnapshotPoller poller, Clock clock) {
        this.machines = machines;
        this.poller = poller;
        this.clock = clock;
    }

    /** Notes in the status what the machine said of itself, before anything is decided on it. */
    void hear(TailnetNode node, Context<TailnetNode> context) {
        var status = node.getStatus();
        if (status != null) {
            MachineEffects.toldDevice(node, context)
                    .filter(device -> !device.equals(status.machineDeviceId()))
                    .ifPresent(device -> node.setStatus(status.saying(device, FormerDevice.recorded(status, device))));
        }
    }

    /** Adds to a plan what there is to say of the machine, after doing what is to be done about it. */
    NodePlan sync(TailnetNode node, Context<TailnetNode> context, NodePlan plan) {
        var ssh = node.getSpec().ssh();
        if (ssh == null) {
            return plan;
        }
        var joined = plan.fact(ConditionType.JOINED);
        var tailnet = context.getSecondaryResource(Tailnet.class);
        if (plan.preferences() == null || tailnet.isEmpty()) {
            return plan.withMachine(new MachinePlan(
                    Fact.unknown(ConditionType.MACHINE_IN_SYNC, joined.reason(), joined.message()),
                    Optional.empty(),
                    Optional.empty()));
        }
        var spec = tailnet.get().getSpec();
        var runs = MachineEffects.runs(node, context);
        var input = new MachineInput(
                ssh,
                JoinPlanner.mode(node.getSpec(), spec),
                joined,
                plan.device(),
                plan.join() == null ? null : plan.join().keyId(),
                MachineEffects.keyIsWanted(node, context),
                plan.preferences(),
                MachinePlanner.tailnetParameters(
                        JoinPlanner.loginServerOf(spec).orElse(null),
                        plan.view()
                                .settings()
                                .map(ControlPlaneSettings::caCertificates)
                                .orElse(null)),
                DurationText.parse(spec.pollInterval()),
                runs,
                clock.instant());
        listAfterRun(node, runs);
        return plan.withMachine(machines.sync(node, new JoinKeyHolder(node).keyRef(), input, context));
    }

    /** What a run has done shows in the next list: no need to wait for its time. */
    private void listAfterRun(TailnetNode node, List<AutomationRun> runs) {
        runs.stream()
                .findFirst()
                .filter(run -> RunPhase.of(run.getStatus()).isTerminal())
                .map(run -> run.getMetadata().getUid())
                .filter(run -> !listedAfter.get(node).equals(Optional.of(run)))
                .ifPresent(run -> {
                    listedAfter.put(node, run);
                    poller.pollSoon(NodeIndex.tailnetOf(node), Set.of());
                });
    }

    void forget(TailnetNode node) {
        listedAfter.forget(node);
    }
}
