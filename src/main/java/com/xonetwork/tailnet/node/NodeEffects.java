package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.AuditLog;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.machine.MachineEffects;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.policy.TagOwnership;
import com.xonetwork.tailnet.route.DeclaredRoutes;
import com.xonetwork.tailnet.snapshot.PerResource;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Brings a node's device to what is wanted, and remembers what was refused. */
final class NodeEffects {

    private final SnapshotStore snapshots;
    private final TagOwnership tagOwnership;
    private final DeclaredRoutes declared;
    private final EventRecorder events;
    private final Clock clock;
    private final DeviceEffects devices;
    private final WriteMemory memory;
    private final DriftMemory drift;
    /** The connection on which drift was seen: of another one's devices nothing was wanted before. */
    private final PerResource<Long> epochs = new PerResource<>();
    /** Which device each node stood for, at the last look that knew. */
    private final PerResource<String> devicesBefore = new PerResource<>();

    NodeEffects(
            SnapshotStore snapshots,
            TagOwnership tagOwnership,
            DeclaredRoutes declared,
            EventRecorder events,
            Clock clock,
            Duration rejectedRetry) {
        this.snapshots = snapshots;
        this.tagOwnership = tagOwnership;
        this.declared = declared;
        this.events = events;
        this.clock = clock;
        this.devices = new DeviceEffects(snapshots);
        this.memory = new WriteMemory(snapshots.steady(), rejectedRetry);
        this.drift = new DriftMemory(snapshots.steady());
    }

    /** Plans, does what the plan says, and plans again on what came of it. */
    NodePlan sync(TailnetNode node, Context<TailnetNode> context) {
        var tailnet = NodeIndex.tailnetOf(node);
        forgetDriftOfAnotherConnection(node, snapshots.view(tailnet).epoch());
        var plan = NodePlanner.plan(gather(node, context));
        if (isAnotherDevice(node, plan)) {
            drift.forget(uid(node));
            plan = NodePlanner.plan(gather(node, context));
        }
        tellWhatIsLeft(node, plan);
        if (drift.isNews(uid(node), plan.contested())) {
            drift.gaveUp(uid(node), plan.contested(), rival(plan));
            plan = NodePlanner.plan(gather(node, context));
        }
        if (!plan.actions().isEmpty() && plan.view().controlPlane().isPresent()) {
            perform(node, tailnet, plan);
            plan = NodePlanner.plan(gather(node, context));
        }
        drift.settled(uid(node), plan.settled());
        return plan;
    }

    private void forgetDriftOfAnotherConnection(TailnetNode node, long epoch) {
        if (!epochs.get(node).equals(Optional.of(epoch))) {
            drift.forget(uid(node));
            epochs.put(node, epoch);
        }
    }

    /** What was wanted of the device before was never so on this one: nobody has changed it. */
    private boolean isAnotherDevice(TailnetNode node, NodePlan plan) {
        if (plan.device() == null) {
            return false;
        }
        var now = plan.device().id();
        var before = devicesBefore.get(node).orElse(now);
        devicesBefore.put(node, now);
        return !before.equals(now);
    }

    private void perform(TailnetNode node, TailnetKey tailnet, NodePlan plan) {
        var drifted = drift.drift(uid(node), plan.actions());
        var outcome = devices.perform(tailnet, plan.view(), plan.actions());
        memory.remember(uid(node), circumstances(node, plan.view()), outcome);
        for (var action : outcome.done()) {
            if (action instanceof DeviceAction.PutAside put && !drifted.contains(action)) {
                tellOfFormer(node, put, plan);
            } else if (drifted.contains(action)) {
                drift.putRight(uid(node), action);
                events.warning(
                        node,
                        "DriftCorrected",
                        changedElsewhere(action) + " The operator set "
                                + action.field().it() + " back to " + action.wanted() + ".");
            } else {
                events.normal(
                        node,
                        "DeviceChanged",
                        "The operator set " + field(action) + " to " + action.wanted() + ". Before: " + action.found()
                                + ".");
            }
        }
    }

    private void tellOfFormer(TailnetNode node, DeviceAction.PutAside put, NodePlan plan) {
        var now = plan.device() == null ? "another" : plan.device().id();
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
        var observed = drift.drift(uid(node), plan.withheld());
        observed.forEach(action -> events.warning(
                node,
                "DriftFound",
                changedElsewhere(action) + " Wanted: " + action.wanted() + ". The operator leaves "
                        + action.field().it() + " so, because mode is Observe."));
        drift.seen(uid(node), observed);
    }

    /** Asked once for each fight: whose the last change was. Not to know it changes nothing else. */
    private String rival(NodePlan plan) {
        var device = plan.device();
        var log = plan.view().controlPlane().flatMap(controlPlane -> controlPlane.port(AuditLog.class));
        // Of the device that the machine was before nobody is asked.
        if (plan.contested().equals(Set.of(DeviceAction.Field.FORMER_NAME))) {
            return "";
        }
        if (device == null || log.isEmpty()) {
            return "";
        }
        var now = plan.view().there(clock.instant());
        try {
            return log.get()
                    .lastEditor(device.id(), now.minus(DriftMemory.WINDOW), now)
                    .orElse("");
        } catch (ControlPlaneException.Forbidden e) {
            return "somebody else (the OAuth scope logs:configuration:read would tell who)";
        } catch (ControlPlaneException e) {
            return "";
        }
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

    private NodeInput gather(TailnetNode node, Context<TailnetNode> context) {
        var tailnet = NodeIndex.tailnetOf(node);
        var view = snapshots.view(tailnet);
        return new NodeInput(
                node,
                context.getSecondaryResource(Tailnet.class).orElse(null),
                view,
                List.copyOf(context.getSecondaryResources(NodeClass.class)),
                device -> claimants(tailnet, view, device, context).stream()
                        .findFirst()
                        .map(first -> first.getMetadata().getName())
                        .filter(name -> !name.equals(node.getMetadata().getName())),
                device -> others(node, tailnet, device, context),
                tagOwnership.ownedTags(tailnet, view).orElse(null),
                declared.of(
                        tailnet,
                        context.getSecondaryResources(SubnetRoute.class),
                        context.getSecondaryResources(ExitNode.class)),
                name -> context.getSecondaryResources(ExitNode.class).stream()
                        .filter(exit -> exit.getMetadata().getName().equals(name))
                        .findFirst(),
                drift.contested(uid(node)),
                memory.held(uid(node), circumstances(node, view)),
                MachineEffects.logsInAnew(node, context),
                view.there(clock.instant()));
    }

    /** Imported ones ask for no name, and there is one for each device that is left over. */
    private static List<String> others(
            TailnetNode node, TailnetKey tailnet, Device device, Context<TailnetNode> context) {
        return NodeIndex.of(context.getPrimaryCache(), tailnet, device).stream()
                .filter(other -> !NodeIndex.isImported(other) || other.getSpec().hostname() != null)
                .map(other -> other.getMetadata().getName())
                .filter(name -> !name.equals(node.getMetadata().getName()))
                .toList();
    }

    private static List<TailnetNode> claimants(
            TailnetKey tailnet, TailnetView view, Device device, Context<TailnetNode> context) {
        return view.usableDevices()
                .map(devices -> NodeIndex.claimants(context.getPrimaryCache(), tailnet, device, devices))
                .orElse(List.of());
    }

    /** Whether the first poll since the operator started is still to come: what a status says from before stands so long. */
    boolean isPending(TailnetNode node, Context<TailnetNode> context) {
        TailnetKey tailnet = NodeIndex.tailnetOf(node);
        return snapshots.view(tailnet).isPending()
                && context.getSecondaryResource(Tailnet.class).isPresent();
    }

    void forget(TailnetNode node) {
        memory.forget(uid(node));
        drift.forget(uid(node));
        epochs.forget(node);
        devicesBefore.forget(node);
    }

    /**
     * What the control plane refuses now it may take under another policy, over another connection, or when another device has gone
     * that had the name, or has another name now.
     */
    private static String circumstances(TailnetNode node, TailnetView view) {
        var policy = view.document(DocumentKind.POLICY).document();
        var hostname = node.getSpec().hostname();
        var called = hostname == null
                ? ""
                : view.usableDevices().stream()
                        .flatMap(devices -> devices.called(hostname).stream())
                        .map(device -> device.id() + "=" + device.name())
                        .sorted()
                        .collect(Collectors.joining(","));
        return (policy == null ? "" : policy.etag()) + " " + view.epoch() + " " + called;
    }
}
