package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.Conditions.STALLED;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.config.JitteredRetry;
import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.config.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.policy.TagOwnership;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.status.StatusPatch;
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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Keeps one device as its {@link TailnetNode} and NodeClasses say. Owns the conditions {@code Joined}, {@code Online},
 * {@code Approved}, {@code NameInSync}, {@code TagsInSync} and {@code KeyExpiryInSync}, and the finalizer that only a node
 * with {@code deletionPolicy: Delete} carries.
 */
@ControllerConfiguration(
        name = "tailnetnode",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        retry = JitteredRetry.class,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public final class TailnetNodeReconciler implements Reconciler<TailnetNode> {

    private static final Set<String> TOLD = Set.of(NodePlanner.JOINED, NodePlanner.ONLINE, STALLED);
    /** Another node's claim on the device ends without an event here. */
    private static final Duration RECHECK_DUPLICATE = Duration.ofSeconds(30);

    private final SnapshotStore snapshots;
    private final SnapshotPoller poller;
    private final TagOwnership tagOwnership;
    private final EventRecorder events;
    private final Clock clock;
    private final DeviceEffects effects;
    private final WriteMemory memory;
    private final NodeDeletion deletion;

    public TailnetNodeReconciler(
            SnapshotStore snapshots,
            SnapshotPoller poller,
            TagOwnership tagOwnership,
            EventRecorder events,
            OperatorConfig config,
            Clock clock) {
        this.snapshots = snapshots;
        this.poller = poller;
        this.tagOwnership = tagOwnership;
        this.events = events;
        this.clock = clock;
        this.effects = new DeviceEffects(snapshots);
        this.memory = new WriteMemory(clock, config.rejectedRetry());
        this.deletion = new NodeDeletion(snapshots, poller, effects, events, clock, config.deletionPatience());
    }

    @Override
    public UpdateControl<TailnetNode> reconcile(TailnetNode node, Context<TailnetNode> context) {
        var uid = node.getMetadata().getUid();
        if (context.isPrimaryResourceDeleted()) {
            memory.forget(uid);
            return UpdateControl.noUpdate();
        }
        if (node.isMarkedForDeletion()) {
            return deletion.proceed(node, context);
        }
        keepFinalizerAsWanted(node, context);

        var key = NodeIndex.tailnetOf(node);
        var isTailnetThere = context.getSecondaryResource(Tailnet.class).isPresent();
        if (isTailnetThere && snapshots.view(key).isPending() && node.getStatus() != null) {
            return UpdateControl.noUpdate();
        }
        var plan = NodePlanner.plan(gather(node, key, context));
        if (!plan.actions().isEmpty()) {
            perform(node, key, plan);
            plan = NodePlanner.plan(gather(node, key, context));
        }
        return report(node, plan);
    }

    private NodeInput gather(TailnetNode node, TailnetKey key, Context<TailnetNode> context) {
        var view = snapshots.view(key);
        return new NodeInput(
                node,
                context.getSecondaryResource(Tailnet.class).orElse(null),
                view,
                List.copyOf(context.getSecondaryResources(NodeClass.class)),
                device -> NodeIndex.of(context.getPrimaryCache(), key, device).stream()
                        .findFirst()
                        .map(first -> first.getMetadata().getName())
                        .filter(name -> !name.equals(node.getMetadata().getName())),
                tagOwnership.ownedTags(key, view).orElse(null),
                memory.failures(node.getMetadata().getUid(), circumstances(key, view)),
                clock.instant());
    }

    private void perform(TailnetNode node, TailnetKey key, NodePlan plan) {
        var controlPlane = poller.controlPlane(key);
        if (controlPlane.isEmpty()) {
            return;
        }
        var outcome = effects.perform(key, controlPlane.get(), plan.actions());
        memory.remember(node.getMetadata().getUid(), circumstances(key, snapshots.view(key)), outcome);
        outcome.done()
                .forEach(action -> events.normal(
                        node,
                        "DeviceChanged",
                        "set "
                                + action.field()
                                        .toString()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', ' ') + " of device " + action.deviceId() + " to "
                                + action.wanted() + " (was " + action.found() + ")"));
    }

    private UpdateControl<TailnetNode> report(TailnetNode node, NodePlan plan) {
        var status = NodeStatuses.of(node, plan, clock.instant());
        var before = node.getStatus();
        if (!status.equals(before)) {
            events.transitions(node, before == null ? List.of() : before.conditions(), status.conditions(), TOLD);
        }
        UpdateControl<TailnetNode> update = status.equals(before)
                ? UpdateControl.noUpdate()
                : UpdateControl.patchStatus(StatusPatch.of(node, new TailnetNode(), status));
        return lookAgain(node, plan).map(update::rescheduleAfter).orElse(update);
    }

    private Optional<Duration> lookAgain(TailnetNode node, NodePlan plan) {
        var duplicate = plan.facts().stream().map(Fact::reason).anyMatch(Reason.DUPLICATE_NODE::equals)
                ? Optional.of(RECHECK_DUPLICATE)
                : Optional.<Duration>empty();
        return Stream.of(plan.lookAgain(), memory.nextTry(node.getMetadata().getUid()), duplicate)
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    private static void keepFinalizerAsWanted(TailnetNode node, Context<TailnetNode> context) {
        var wanted = node.getSpec().deletionPolicy() == DeletionPolicy.DELETE;
        if (wanted && !node.hasFinalizer(ApiGroup.DEVICE_FINALIZER)) {
            context.resourceOperations().addFinalizer(ApiGroup.DEVICE_FINALIZER);
        } else if (!wanted && node.hasFinalizer(ApiGroup.DEVICE_FINALIZER)) {
            context.resourceOperations().removeFinalizer(ApiGroup.DEVICE_FINALIZER);
        }
    }

    /** What the control plane refuses now it may take under another policy or from other credentials. */
    private String circumstances(TailnetKey key, TailnetView view) {
        var etag = view.policy() == null ? "" : view.policy().etag();
        return etag + " " + poller.settings(key).hashCode();
    }

    @Override
    public List<EventSource<?, TailnetNode>> prepareEventSources(EventSourceContext<TailnetNode> context) {
        context.getPrimaryCache().addIndexer(NodeIndex.NAME, NodeIndex::keys);
        return NodeEventSources.all(context, snapshots);
    }
}
