package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.bootstrap.BootstrapPlace;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.machine.MachineRuns;
import com.xonetwork.tailnet.policy.TagOwnership;
import com.xonetwork.tailnet.route.DeclaredRoutes;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetView;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Looks up all that a {@link NodePlan} rests on: in caches, in the snapshot and in what is remembered. Calls nobody. */
final class NodeGatherer {

    private final SnapshotStore snapshots;
    private final TagOwnership tagOwnership;
    private final DeclaredRoutes declared;
    private final BootstrapPlace place;
    private final NodeMemory memory;
    private final Clock clock;

    NodeGatherer(
            SnapshotStore snapshots,
            TagOwnership tagOwnership,
            DeclaredRoutes declared,
            BootstrapPlace place,
            NodeMemory memory,
            Clock clock) {
        this.snapshots = snapshots;
        this.tagOwnership = tagOwnership;
        this.declared = declared;
        this.place = place;
        this.memory = memory;
        this.clock = clock;
    }

    /** Whether the first poll since the operator started is still to come: what a status says from before stands so long. */
    boolean isPending(TailnetNode node, Context<TailnetNode> context) {
        return snapshots.view(NodeIndex.tailnetOf(node)).isPending()
                && context.getSecondaryResource(Tailnet.class).isPresent();
    }

    /** @param node gets into its status, which is not written here, what its machine said of itself */
    NodeInput gather(TailnetNode node, Context<TailnetNode> context) {
        var machine = machine(node, context);
        var tailnet = NodeIndex.tailnetOf(node);
        var view = snapshots.view(tailnet);
        var exits = context.getSecondaryResources(ExitNode.class);
        var here = clock.instant();
        return new NodeInput(
                node,
                context.getSecondaryResource(Tailnet.class).orElse(null),
                view,
                List.copyOf(context.getSecondaryResources(NodeClass.class)),
                view.usableDevices()
                        .map(devices -> neighbours(node, devices, context))
                        .orElseGet(() -> new Neighbours(List.of())),
                tagOwnership.ownedTags(tailnet, view).orElse(null),
                declared.of(tailnet, context.getSecondaryResources(SubnetRoute.class), exits),
                List.copyOf(exits),
                memory.recall(node, view),
                machine,
                place,
                clockAhead(node, view),
                view.there(here),
                here);
    }

    private static Duration clockAhead(TailnetNode node, TailnetView view) {
        return node.getSpec().join() == null
                ? Duration.ZERO
                : view.clockSkew().map(ClockSkew::ahead).orElse(Duration.ZERO);
    }

    /** Also who could mean the device by the name that it is to get. */
    private static Neighbours neighbours(TailnetNode node, DeviceList devices, Context<TailnetNode> context) {
        var candidates = NodeIndex.candidates(node, devices);
        if (candidates.size() != 1) {
            return new Neighbours(List.of());
        }
        var device = candidates.getFirst();
        var hostname = node.getSpec().hostname();
        var former = node.getStatus() == null ? null : node.getStatus().formerDeviceId();
        var renamed = hostname == null || hostname.equals(device.name())
                ? Stream.<Device>empty()
                : Stream.of(device.withName(hostname));
        var tailnet = NodeIndex.tailnetOf(node);
        return new Neighbours(Stream.of(
                        Stream.of(device), renamed, Stream.ofNullable(former).flatMap(id -> devices.byId(id).stream()))
                .flatMap(asked -> asked)
                .flatMap(asked -> NodeIndex.of(context.getPrimaryCache(), tailnet, asked).stream())
                .distinct()
                .toList());
    }

    /** Most nodes are not reached over SSH: nothing is looked up for them. */
    private static NodeInput.Machine machine(TailnetNode node, Context<TailnetNode> context) {
        if (node.getSpec().ssh() == null) {
            return NodeInput.Machine.NONE;
        }
        var runs = context.getSecondaryResources(AutomationRun.class);
        var policies = runs.isEmpty() ? Set.<HealPolicy>of() : context.getSecondaryResources(HealPolicy.class);
        var status = node.getStatus();
        if (status != null) {
            MachineRuns.toldDevice(node, runs, policies)
                    .filter(device -> !device.equals(status.machineDeviceId()))
                    .ifPresent(device -> node.setStatus(status.saying(device, FormerDevice.recorded(status, device))));
        }
        return new NodeInput.Machine(
                MachineRuns.of(node, runs),
                MachineRuns.keyIsWanted(node, runs, policies),
                MachineRuns.logsInAnew(node, runs, policies));
    }
}
