package com.xonetwork.tailnet.nodeclass;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.NodeClassStatus;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.inventory.TailnetNodeEventSource;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.StatusPatch;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts the nodes that a class matches, as these nodes themselves report. Owns only {@code Ready}.
 */
@ControllerConfiguration(
        name = "nodeclass",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class),
        generationAwareEventProcessing = false,
        retry = JitteredRetry.class,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
// While thousands of nodes come, each would change the count.
@RateLimited(maxReconciliations = 2, within = 1)
public final class NodeClassReconciler implements Reconciler<NodeClass> {

    private final TailnetNodeCache nodes;
    private final Clock clock;

    public NodeClassReconciler(TailnetNodeCache nodes, Clock clock) {
        this.nodes = nodes;
        this.clock = clock;
    }

    @Override
    public UpdateControl<NodeClass> reconcile(NodeClass nodeClass, Context<NodeClass> context) {
        var metadata = nodeClass.getMetadata();
        var members =
                nodes.byIndex(NodeIndex.BY_CLASS, NodeIndex.classKey(metadata.getNamespace(), metadata.getName()));
        var before = nodeClass.getStatus();
        var generation = nodeClass.getMetadata().getGeneration();
        var facts = Conditions.summarize(List.of(), "the rules are active");
        var status = new NodeClassStatus(
                generation,
                Conditions.merge(
                        before == null ? List.<Condition>of() : before.conditions(),
                        facts,
                        generation,
                        clock.instant()),
                members.size(),
                nodeClass.getSpec().tags());
        return status.equals(before)
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(StatusPatch.of(nodeClass, new NodeClass(), status));
    }

    @Override
    public List<EventSource<?, NodeClass>> prepareEventSources(EventSourceContext<NodeClass> context) {
        return List.of(new TailnetNodeEventSource<>(nodes, context, NodeClassReconciler::changedClasses));
    }

    /** The classes that a node came to or left. */
    private static Set<ResourceID> changedClasses(@Nullable TailnetNode before, @Nullable TailnetNode now) {
        var left = ids(before);
        var entered = ids(now);
        return Stream.concat(
                        left.stream().filter(id -> !entered.contains(id)),
                        entered.stream().filter(id -> !left.contains(id)))
                .collect(Collectors.toSet());
    }

    private static Set<ResourceID> ids(@Nullable TailnetNode node) {
        return node == null
                ? Set.of()
                : NodeIndex.classesOf(node).stream()
                        .map(name -> new ResourceID(name, node.getMetadata().getNamespace()))
                        .collect(Collectors.toSet());
    }
}
