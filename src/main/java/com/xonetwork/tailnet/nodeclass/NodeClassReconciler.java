package com.xonetwork.tailnet.nodeclass;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.NodeClassStatus;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.config.JitteredRetry;
import com.xonetwork.tailnet.config.SpecOrLabelsChanged;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.StatusPatch;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Counts the nodes that a class matches, as these nodes themselves report. Owns only {@code Ready}. */
@ControllerConfiguration(
        name = "nodeclass",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class),
        generationAwareEventProcessing = false,
        retry = JitteredRetry.class,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public final class NodeClassReconciler implements Reconciler<NodeClass> {

    private static final String BY_CLASS = "by-class";

    private final Clock clock;

    public NodeClassReconciler(Clock clock) {
        this.clock = clock;
    }

    @Override
    public UpdateControl<NodeClass> reconcile(NodeClass nodeClass, Context<NodeClass> context) {
        var nodes = nodes(context)
                .byIndex(BY_CLASS, key(nodeClass, nodeClass.getMetadata().getName()));
        var before = nodeClass.getStatus();
        var generation = nodeClass.getMetadata().getGeneration();
        var facts = Conditions.summarize(List.of(), "the rules are in use");
        var status = new NodeClassStatus(
                generation,
                Conditions.merge(
                        before == null ? List.<Condition>of() : before.conditions(),
                        facts,
                        generation,
                        clock.instant()),
                nodes.size());
        return status.equals(before)
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(StatusPatch.of(nodeClass, new NodeClass(), status));
    }

    @Override
    public List<EventSource<?, NodeClass>> prepareEventSources(EventSourceContext<NodeClass> context) {
        var nodeClasses = context.getPrimaryCache();
        var nodes = new InformerEventSource<TailnetNode, NodeClass>(
                InformerEventSourceConfiguration.from(TailnetNode.class, NodeClass.class)
                        // Asked for the new form of a node only, which does not name the classes that it left.
                        .withSecondaryToPrimaryMapper(node -> nodeClasses
                                .list(node.getMetadata().getNamespace())
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .withOnUpdateFilter((now, old) -> !classesOf(now).equals(classesOf(old)))
                        .build(),
                context);
        nodes.addIndexer(
                BY_CLASS,
                node -> classesOf(node).stream().map(name -> key(node, name)).toList());
        return List.of(nodes);
    }

    private static Set<String> classesOf(TailnetNode node) {
        return node.getStatus() == null ? Set.of() : Set.copyOf(node.getStatus().classes());
    }

    private static String key(HasMetadata resource, String name) {
        return resource.getMetadata().getNamespace() + "/" + name;
    }

    @SuppressWarnings("unchecked")
    private static InformerEventSource<TailnetNode, NodeClass> nodes(Context<NodeClass> context) {
        return (InformerEventSource<TailnetNode, NodeClass>)
                context.eventSourceRetriever().getEventSourceFor(TailnetNode.class);
    }
}
