package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.ByTailnetEventSources;
import com.xonetwork.tailnet.inventory.NamespaceEventSources;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.inventory.TailnetNodeEventSource;
import com.xonetwork.tailnet.kube.Pages;
import com.xonetwork.tailnet.machine.MachineRuns;
import com.xonetwork.tailnet.snapshot.SnapshotEventSource;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What wakes a HealPolicy: its Tailnet, what its nodes' statuses say, the runs that it made, routes whose routers nodes are behind. */
final class HealEventSources {

    private HealEventSources() {}

    static List<EventSource<?, HealPolicy>> all(
            EventSourceContext<HealPolicy> context, SnapshotStore snapshots, TailnetNodeCache nodes) {
        var policies = new ByTailnetEventSources<>(
                context, (HealPolicy policy) -> policy.getSpec().tailnetRef());
        return List.of(
                policies.tailnets(),
                new TailnetNodeEventSource<>(
                        nodes,
                        context,
                        (before, now) -> Stream.of(Optional.ofNullable(before), Optional.ofNullable(now))
                                .flatMap(Optional::stream)
                                .flatMap(node -> policies.all(NodeIndex.tailnetOf(node)).stream()
                                        .filter(policy -> isMeant(policy, node)))
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet())),
                // Only when all is known or unknown at once: what a device does shows in its node.
                new SnapshotEventSource<>(
                        snapshots, (tailnet, devices, whole) -> whole ? policies.ids(tailnet) : Set.of()),
                NamespaceEventSources.of(
                        SubnetRoute.class,
                        context,
                        route -> policies.ids(TailnetKey.named(
                                route, route.getSpec().tailnetRef().name()))),
                runs(context));
    }

    static boolean isMeant(HealPolicy policy, TailnetNode node) {
        return policy.getSpec().selector().selects(node.getMetadata().getLabels());
    }

    private static EventSource<AutomationRun, HealPolicy> runs(EventSourceContext<HealPolicy> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(AutomationRun.class, HealPolicy.class)
                        .withLabelSelector(MachineRuns.HEAL_POLICY_LABEL)
                        .withInformerListLimit(Pages.OF_LARGE)
                        .withSecondaryToPrimaryMapper(Mappers.fromOwnerReferences(HealPolicy.class))
                        .withOnUpdateFilter(
                                (now, before) -> RunPhase.of(now.getStatus()) != RunPhase.of(before.getStatus()))
                        .build(),
                context);
    }
}
