package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.bootstrap.BootstrapPlace;
import com.xonetwork.tailnet.bootstrap.CloudInitSecretEffects;
import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.joinkey.JoinKeyEffects;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.machine.MachineEffects;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.policy.TagOwnership;
import com.xonetwork.tailnet.route.DeclaredRoutes;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one device as its {@link TailnetNode} and NodeClasses say. Owns the conditions {@code Joined}, {@code Online},
 * {@code Approved}, {@code NameInSync}, {@code TagsInSync}, {@code RoutesApproved}, {@code KeyExpiryInSync}, {@code KeyValid},
 * {@code JoinKeyReady} and {@code MachineInSync}, and the finalizer that only a node
 * with {@code deletionPolicy: Delete} carries.
 */
@ControllerConfiguration(
        name = "tailnetnode",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class, informerListLimit = TailnetNodeCache.PAGE),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        retry = JitteredRetry.class,
        maxReconciliationInterval =
                @MaxReconciliationInterval(
                        interval = TailnetNodeReconciler.REGULAR_MINUTES,
                        timeUnit = TimeUnit.MINUTES))
public final class TailnetNodeReconciler implements Reconciler<TailnetNode> {

    static final int REGULAR_MINUTES = 10;

    /** Another node's claim on the device ends without an event here. */
    private static final Duration RECHECK_DUPLICATE = Duration.ofSeconds(30);

    private final SnapshotStore snapshots;
    private final EventRecorder events;
    private final Report report;
    private final Clock clock;
    private final NodeMemory memory;
    private final NodeGatherer gatherer;
    private final NodeJoinEffects keys;
    private final NodeEffects effects;
    private final DeletionPatience patience;
    private final DeletionGatherer dying;
    private final DeletionEffects deletion;

    public TailnetNodeReconciler(
            SnapshotStore snapshots,
            SnapshotPoller poller,
            TagOwnership tagOwnership,
            DeclaredRoutes declared,
            JoinKeyEffects joinKeys,
            CloudInitSecretEffects cloudInitFiles,
            BootstrapPlace bootstrapPlace,
            MachineEffects machines,
            EventRecorder events,
            OperatorConfig config,
            Clock clock) {
        this.snapshots = snapshots;
        this.events = events;
        this.report = new Report(events);
        this.clock = clock;
        this.memory = new NodeMemory(snapshots.steady(), config.rejectedRetry());
        this.gatherer = new NodeGatherer(snapshots, tagOwnership, declared, bootstrapPlace, memory, clock);
        this.patience = new DeletionPatience(snapshots.steady(), config.deletionPatience());
        this.keys = new NodeJoinEffects(joinKeys, events, memory, patience);
        this.dying = new DeletionGatherer(snapshots);
        this.deletion = new DeletionEffects(keys, new DeviceEffects(snapshots), events, patience);
        this.effects = new NodeEffects(snapshots, keys, cloudInitFiles, machines, poller, memory, events);
    }

    @Override
    public UpdateControl<TailnetNode> reconcile(TailnetNode node, Context<TailnetNode> context) {
        if (context.isPrimaryResourceDeleted()) {
            memory.forget(node);
            keys.forget(node);
            deletion.tellWhatStays(node);
            deletion.forget(node);
            patience.forget(node);
            return UpdateControl.noUpdate();
        }
        if (!node.isMarkedForDeletion()) {
            deletion.keepFinalizerAsWanted(node, context);
        }
        if (node.isMarkedForDeletion()) {
            return deletion.perform(node, context, () -> DeletionPlanner.plan(dying.gather(node, context)));
        }
        if (node.getStatus() != null && gatherer.isPending(node, context)) {
            return UpdateControl.noUpdate();
        }
        var before = node.getStatus();
        var plan = NodePlanner.plan(gatherer.gather(node, context));
        return report(node, before, effects.perform(node, context, plan));
    }

    private UpdateControl<TailnetNode> report(
            TailnetNode node, @Nullable TailnetNodeStatus before, NodeOutcome outcome) {
        var status = NodeStatuses.of(node, outcome, clock.instant());
        var update = report.publish(node, new TailnetNode(), before, status, () -> KeyNotices.told(status));
        if (!status.equals(before)) {
            KeyNotices.tell(events, node, before, status);
        }
        var duplicate = outcome.facts().stream().map(Fact::reason).anyMatch(Reason.DUPLICATE_NODE::equals)
                ? Optional.of(RECHECK_DUPLICATE)
                : Optional.<Duration>empty();
        return LookAgain.soonest(Duration.ofMinutes(REGULAR_MINUTES), update, outcome.lookAgain(), duplicate);
    }

    @Override
    public List<EventSource<?, TailnetNode>> prepareEventSources(EventSourceContext<TailnetNode> context) {
        context.getPrimaryCache().addIndexer(NodeIndex.NAME, NodeIndex::keys);
        return NodeEventSources.all(context, snapshots);
    }
}
