package com.xonetwork.tailnet.nodeclass;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts the nodes that a class matches, as these nodes themselves report. Owns only {@code Ready}. There is no plan: nothing is
 * decided here.
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
    private final Report report;
    private final Clock clock;

    public NodeClassReconciler(TailnetNodeCache nodes, EventRecorder events, Clock clock) {
        this.nodes = nodes;
        this.report = new Report(events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<NodeClass> reconcile(NodeClass nodeClass, Context<NodeClass> context) {
        var metadata = nodeClass.getMetadata();
        var members =
                nodes.byIndex(NodeIndex.BY_CLASS, NodeIndex.classKey(metadata.getNamespace(), metadata.getName()));
        var status = NodeClassStatuses.of(nodeClass, members.size(), clock.instant());
        return report.publish(nodeClass, new NodeClass(), nodeClass.getStatus(), status);
    }

    @Override
    public List<EventSource<?, NodeClass>> prepareEventSources(EventSourceContext<NodeClass> context) {
        return NodeClassEventSources.all(context, nodes);
    }
}
