package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NamespaceEventSources;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.kube.Pages;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.machine.MachineRuns;
import com.xonetwork.tailnet.nodeclass.NodeClassEventSources;
import com.xonetwork.tailnet.snapshot.SnapshotEventSource;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What wakes a TailnetNode, and what it can look up: its Tailnet, the NodeClasses and the intents for routes
 * of its namespace, its device, the runs and templates that were made for its machine, and the policies that heal it. */
final class NodeEventSources {

    private NodeEventSources() {}

    static List<EventSource<?, TailnetNode>> all(EventSourceContext<TailnetNode> context, SnapshotStore snapshots) {
        var nodes = context.getPrimaryCache();
        var tailnets = new InformerEventSource<Tailnet, TailnetNode>(
                InformerEventSourceConfiguration.from(Tailnet.class, TailnetNode.class)
                        .withSecondaryToPrimaryMapper(
                                tailnet -> ids(NodeIndex.ofTailnet(nodes, TailnetKey.of(tailnet))))
                        .withPrimaryToSecondaryMapper((TailnetNode node) -> Set.of(new ResourceID(
                                node.getSpec().tailnetRef().name(),
                                node.getMetadata().getNamespace())))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
        return List.of(
                tailnets,
                NodeClassEventSources.of(context),
                routeIntents(
                        SubnetRoute.class, context, route -> route.getSpec().tailnetRef(), (now, before) -> false),
                routeIntents(
                        ExitNode.class,
                        context,
                        exit -> exit.getSpec().tailnetRef(),
                        (now, before) -> !Objects.equals(active(now), active(before))),
                machineRuns(context),
                machineTemplates(context),
                healPolicies(context),
                new SnapshotEventSource<>(
                        snapshots, (tailnet, devices, whole) -> concerned(nodes, tailnet, devices, whole)));
    }

    /** All nodes of its Tailnet: those that an intent left must hear of the change too, and whom it overlaps. */
    private static <I extends HasMetadata> EventSource<I, TailnetNode> routeIntents(
            Class<I> kind,
            EventSourceContext<TailnetNode> context,
            Function<I, LocalRef> tailnetRef,
            OnUpdateFilter<I> alsoWhen) {
        var nodes = context.getPrimaryCache();
        return NamespaceEventSources.of(
                kind,
                context,
                intent -> ids(NodeIndex.ofTailnet(
                        nodes, TailnetKey.named(intent, tailnetRef.apply(intent).name()))),
                alsoWhen);
    }

    /** Machines that use it as exit node follow. */
    private static @Nullable String active(ExitNode exit) {
        var status = exit.getStatus();
        return status == null || status.active() == null
                ? null
                : status.active().address();
    }

    /** Runs that the operator made for a machine, whatever controller did: when they come to another phase. */
    private static EventSource<AutomationRun, TailnetNode> machineRuns(EventSourceContext<TailnetNode> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(AutomationRun.class, TailnetNode.class)
                        .withInformerListLimit(Pages.OF_LARGE)
                        .withSecondaryToPrimaryMapper(NodeEventSources::ofMachine)
                        .withOnUpdateFilter(
                                (now, before) -> RunPhase.of(now.getStatus()) != RunPhase.of(before.getStatus()))
                        .build(),
                context);
    }

    static Set<ResourceID> ofMachine(AutomationRun run) {
        return MachineRuns.isForOneMachine(run)
                ? Set.of(new ResourceID(
                        run.getSpec().targets().nodes().getFirst().name(),
                        run.getMetadata().getNamespace()))
                : Set.of();
    }

    /** Whose remedies count. Machines that it selects look again: one of its runs may wait for a join key. */
    private static EventSource<HealPolicy, TailnetNode> healPolicies(EventSourceContext<TailnetNode> context) {
        var nodes = context.getPrimaryCache();
        return NamespaceEventSources.of(
                HealPolicy.class,
                context,
                policy -> ids(
                        NodeIndex.ofTailnet(
                                        nodes,
                                        TailnetKey.named(
                                                policy,
                                                policy.getSpec().tailnetRef().name()))
                                .stream()
                                .filter(node -> node.getSpec().ssh() != null
                                        && policy.getSpec()
                                                .selector()
                                                .selects(node.getMetadata().getLabels()))
                                .toList()));
    }

    private static EventSource<AutomationTemplate, TailnetNode> machineTemplates(
            EventSourceContext<TailnetNode> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(AutomationTemplate.class, TailnetNode.class)
                        .withInformerListLimit(Pages.OF_LARGE)
                        .withSecondaryToPrimaryMapper(Mappers.fromOwnerReferences(TailnetNode.class))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context);
    }

    private static Collection<ResourceID> concerned(
            IndexedResourceCache<TailnetNode> nodes, TailnetKey tailnet, Collection<Device> devices, boolean whole) {
        return whole
                ? ids(NodeIndex.ofTailnet(nodes, tailnet))
                : devices.stream()
                        .flatMap(device -> NodeIndex.of(nodes, tailnet, device).stream())
                        .map(ResourceID::fromResource)
                        .collect(Collectors.toSet());
    }

    private static Set<ResourceID> ids(Collection<TailnetNode> nodes) {
        return nodes.stream().map(ResourceID::fromResource).collect(Collectors.toSet());
    }
}
