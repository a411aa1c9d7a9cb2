package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.bootstrap.CloudInit;
import com.xonetwork.tailnet.bootstrap.CloudInitSecretEffects;
import com.xonetwork.tailnet.controlplane.AuditLog;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.machine.MachineEffects;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Optional;
import java.util.Set;

/** Does what a {@link NodePlan} says, stage by stage, and remembers what was refused. */
final class NodeEffects {

    /** Of {@link JitteredRetry}: some seconds. */
    private static final int TRY_FILES = 3;

    private final DeviceEffects devices;
    private final NodeJoinEffects keys;
    private final CloudInitSecretEffects files;
    private final MachineEffects machines;
    private final SnapshotPoller poller;
    private final NodeMemory memory;
    private final EventRecorder events;

    NodeEffects(
            SnapshotStore snapshots,
            NodeJoinEffects keys,
            CloudInitSecretEffects files,
            MachineEffects machines,
            SnapshotPoller poller,
            NodeMemory memory,
            EventRecorder events) {
        this.devices = new DeviceEffects(snapshots);
        this.keys = keys;
        this.files = files;
        this.machines = machines;
        this.poller = poller;
        this.memory = memory;
        this.events = events;
    }

    /** The stages in their order: a machine gets its key and its files before a run, and all of it for the device as it is then. */
    NodeOutcome perform(TailnetNode node, Context<TailnetNode> context, NodePlan plan) {
        var now = plan.after(change(node, plan));
        memory.drift().settled(uid(node), now.settled());
        var key = plan.key(now);
        var bare = key.said(keys.perform(node, context, key));
        var boot = plan.files(now, bare);
        var said = boot.said(write(node, boot));
        plan.runToListAfter(now).ifPresent(run -> listAfter(node, run));
        var machine = plan.machine(now, said).map(runs -> machines.perform(node, runs, context));
        return new NodeOutcome(now, said, machine);
    }

    private DeviceOutcome change(TailnetNode node, NodePlan plan) {
        var wanted = plan.devices();
        if (wanted.device() != null) {
            memory.standsFor(node, wanted.device().id(), plan.isAnotherDevice());
        }
        tellWhatIsLeft(node, plan);
        var rival = plan.fight().map(fight -> giveUp(node, plan, fight));
        var nothing = DeviceOutcome.nothing(plan.input());
        if (wanted.actions().isEmpty() || wanted.view().controlPlane().isEmpty()) {
            return new DeviceOutcome(nothing.view(), nothing.held(), rival);
        }
        var outcome = devices.perform(NodeIndex.tailnetOf(node), wanted.view(), wanted.actions());
        memory.wrote(node, wanted.view(), outcome);
        outcome.done().forEach(action -> tell(node, action, plan));
        return new DeviceOutcome(outcome.view(), memory.held(node, outcome.view()), rival);
    }

    private void tell(TailnetNode node, DeviceAction action, NodePlan plan) {
        if (plan.isDrift(action)) {
            memory.drift().putRight(uid(node), action);
            events.warning(
                    node,
                    "DriftCorrected",
                    changedElsewhere(action) + " The operator set "
                            + action.field().it() + " back to " + action.wanted() + ".");
        } else if (action instanceof DeviceAction.PutAside put) {
            tellOfFormer(node, put, plan);
        } else {
            events.normal(
                    node,
                    "DeviceChanged",
                    "The operator set " + field(action) + " to " + action.wanted() + ". Before: " + action.found()
                            + ".");
        }
    }

    private void tellOfFormer(TailnetNode node, DeviceAction.PutAside put, NodePlan plan) {
        var device = plan.devices().device();
        var now = device == null ? "another" : device.id();
        events.normal(
                node,
                "FormerDeviceRenamed",
                "renamed device " + put.deviceId() + " from " + put.found() + " to " + put.name()
                        + ", so that device " + now + " can have the name. The machine was device " + put.deviceId()
                        + ". It says that it is device " + now + " now. Device " + put.deviceId()
                        + " was last seen before that one joined. It stays in the tailnet, with its tags and approved routes."
                        + " Remove it if nobody needs it");
    }

    /** Drift that stays because mode is Observe. */
    private void tellWhatIsLeft(TailnetNode node, NodePlan plan) {
        var observed = plan.devices().withheld().stream().filter(plan::isDrift).toList();
        observed.forEach(action -> events.warning(
                node,
                "DriftFound",
                changedElsewhere(action) + " Wanted: " + action.wanted() + ". The operator leaves "
                        + action.field().it() + " so, because mode is Observe."));
        memory.drift().seen(uid(node), observed);
    }

    /** @return who it is with; the empty text when nobody can say */
    private String giveUp(TailnetNode node, NodePlan plan, NodePlan.Fight fight) {
        var rival = fight.about().map(device -> lastEditor(plan, device)).orElse("");
        memory.drift().gaveUp(uid(node), fight.over(), rival);
        return rival;
    }

    /** Asked once for each fight. Not to know it changes nothing else. */
    private static String lastEditor(NodePlan plan, String device) {
        var now = plan.input().now();
        try {
            return plan.devices()
                    .view()
                    .controlPlane()
                    .flatMap(controlPlane -> controlPlane.port(AuditLog.class))
                    .flatMap(log -> log.lastEditor(device, now.minus(DriftMemory.WINDOW), now))
                    .orElse("");
        } catch (ControlPlaneException.Forbidden e) {
            return "somebody else (the OAuth scope logs:configuration:read would tell who)";
        } catch (ControlPlaneException e) {
            return "";
        }
    }

    private FilesPlan.Outcome write(TailnetNode node, FilesPlan plan) {
        return plan.keep().map(wish -> write(new JoinKeyHolder(node), wish)).orElseGet(FilesPlan.Outcome.Nothing::new);
    }

    private FilesPlan.Outcome write(JoinKeyHolder holder, CloudInit wish) {
        try {
            var kept = files.keep(holder, wish);
            return new FilesPlan.Outcome.Kept(holder.cloudInitSecretName(), kept.tokenExpires(), kept.lookAgain());
        } catch (JoinKeyRecords.NameTaken e) {
            return new FilesPlan.Outcome.Failed(JoinPlanner.secretTaken(e.getMessage()), Optional.empty());
        } catch (CloudInitSecretEffects.NotWritten e) {
            return new FilesPlan.Outcome.Failed(
                    JoinPlanner.notWritten(e.getMessage()), Optional.of(JitteredRetry.delay(TRY_FILES)));
        }
    }

    private void listAfter(TailnetNode node, String run) {
        memory.listedAfter(node, run);
        poller.pollSoon(NodeIndex.tailnetOf(node), Set.of());
    }

    private static String uid(TailnetNode node) {
        return node.getMetadata().getUid();
    }

    private static String field(DeviceAction action) {
        return action.field().words() + " of device " + action.deviceId();
    }

    private static String changedElsewhere(DeviceAction action) {
        return "Somebody else changed " + field(action) + " to " + action.found() + ".";
    }
}
