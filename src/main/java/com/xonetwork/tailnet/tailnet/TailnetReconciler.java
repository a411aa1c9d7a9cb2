package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.policy.TagOwnership;
import com.xonetwork.tailnet.route.DeclaredRoutes;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;
import com.xonetwork.tailnet.webhook.Webhooks;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Connects a tailnet, imports and collects its devices and publishes its policy: the only writer of the policy file. Owns the
 * conditions {@code CredentialsValid}, {@code Reachable}, {@code DevicesListed}, {@code ClockInSync}, {@code DevicesImported},
 * {@code PolicyInSync}, {@code WebhookReady} and {@code GarbageCollection}. Has no finalizer: deleting a Tailnet leaves the
 * tailnet as it is.
 */
@ControllerConfiguration(
        name = "tailnet",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        retry = JitteredRetry.class,
        maxReconciliationInterval =
                @MaxReconciliationInterval(interval = TailnetReconciler.REGULAR_MINUTES, timeUnit = TimeUnit.MINUTES))
// Each look at a tailnet is a pass over all its devices, and each node that comes or goes asks for one.
@RateLimited(maxReconciliations = 2, within = 1)
public final class TailnetReconciler implements Reconciler<Tailnet> {

    static final int REGULAR_MINUTES = 5;

    /** Secrets and ConfigMaps are not watched: how often one that is missing or wrong is read again. */
    private static final Duration RECHECK = Duration.ofSeconds(10);

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final DeclaredRoutes declared;
    private final TailnetDocuments documents;
    private final TagOwnership tagOwnership;
    private final TailnetConnections connections;
    private final TailnetWebhooks webhooks;
    private final ImportedNodes importedNodes;
    private final GarbageCollection garbage;
    private final TailnetReports reports;

    public TailnetReconciler(
            KubernetesClient kubernetes,
            SnapshotStore snapshots,
            SnapshotPoller poller,
            TailnetNodeCache nodes,
            DeclaredRoutes declared,
            TailnetDocuments documents,
            AnnotationEffects annotations,
            TagOwnership tagOwnership,
            EventRecorder events,
            Webhooks webhooks,
            OperatorConfig config,
            Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.declared = declared;
        this.documents = documents;
        this.tagOwnership = tagOwnership;
        var resolver = new ConnectionResolver(kubernetes);
        this.connections = new TailnetConnections(resolver, snapshots, poller, config);
        this.webhooks = new TailnetWebhooks(resolver, webhooks);
        this.importedNodes = new ImportedNodes(kubernetes);
        this.garbage = new GarbageCollection(snapshots, annotations, events, clock);
        this.reports = new TailnetReports(snapshots, new Report(events), clock);
    }

    @Override
    public UpdateControl<Tailnet> reconcile(Tailnet tailnet, Context<Tailnet> context) {
        var key = TailnetKey.of(tailnet);
        if (context.isPrimaryResourceDeleted() || tailnet.isMarkedForDeletion()) {
            forget(key);
            return UpdateControl.noUpdate();
        }
        var scope = TailnetScope.of(tailnet, context, nodes, declared);
        boolean rivalled;
        try {
            rivalled = connections.connect(scope);
        } catch (Unresolved e) {
            webhooks.forget(key);
            return LookAgain.after(RECHECK, reports.report(scope, TailnetPlanner.unresolved(e), null));
        }
        var webhook = webhooks.follow(tailnet);
        UpdateControl<Tailnet> update = snapshots.view(key).isPending() && scope.isReportedOn()
                ? UpdateControl.noUpdate()
                : reconcileConnected(scope, key, webhook);
        return rivalled ? LookAgain.after(RECHECK, update) : update;
    }

    private void forget(TailnetKey key) {
        connections.forget(key);
        webhooks.forget(key);
        tagOwnership.forget(key);
        declared.forget(key);
    }

    private UpdateControl<Tailnet> reconcileConnected(TailnetScope scope, TailnetKey key, Fact webhook) {
        // The policy before the devices: a tag must have its owner before a node can carry it.
        var synced = documents.sync(scope);
        var view = snapshots.view(key);
        var imports = ImportPlanner.plan(scope.importInput(view));
        var failures = importedNodes.perform(scope.tailnet(), view, imports.create(), imports.remove());

        var facts = new ArrayList<Fact>(TailnetPlanner.connection(snapshots.view(key)));
        facts.addAll(synced.facts());
        facts.addAll(List.of(ImportPlanner.afterwards(imports, failures), webhook, garbage.collect(scope)));
        var update = reports.report(scope, facts, synced.policy());
        // A removal that lost a race with a change makes no event: look again to see.
        var isInRace = !failures.isEmpty() || !imports.remove().isEmpty();
        return LookAgain.soonest(
                Duration.ofMinutes(REGULAR_MINUTES),
                update,
                Optional.of(RECHECK).filter(wait -> isInRace || TailnetPlanner.isSecretWrong(facts)),
                synced.nextTry());
    }

    @Override
    public List<EventSource<?, Tailnet>> prepareEventSources(EventSourceContext<Tailnet> context) {
        return TailnetEventSources.all(context, snapshots, nodes, this::forget);
    }
}
