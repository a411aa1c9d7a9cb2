package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.policy.PolicyPlan;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
    private final TailnetConnections connections;
    private final TailnetWebhooks webhooks;
    private final TailnetGatherer gatherer;
    private final TailnetEffects effects;
    private final Report report;
    private final Clock clock;

    TailnetReconciler(
            SnapshotStore snapshots,
            TailnetNodeCache nodes,
            TailnetConnections connections,
            TailnetWebhooks webhooks,
            TailnetGatherer gatherer,
            TailnetEffects effects,
            EventRecorder events,
            Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.connections = connections;
        this.webhooks = webhooks;
        this.gatherer = gatherer;
        this.effects = effects;
        this.report = new Report(events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<Tailnet> reconcile(Tailnet tailnet, Context<Tailnet> context) {
        var key = TailnetKey.of(tailnet);
        if (context.isPrimaryResourceDeleted() || tailnet.isMarkedForDeletion()) {
            forget(key);
            return UpdateControl.noUpdate();
        }
        var scope = gatherer.scope(tailnet, context);
        boolean rivalled;
        try {
            rivalled = connections.connect(scope);
        } catch (Unresolved e) {
            webhooks.forget(key);
            return LookAgain.after(RECHECK, reportUnresolved(scope, e));
        }
        var webhook = webhooks.follow(tailnet);
        UpdateControl<Tailnet> update = snapshots.view(key).isPending() && scope.isReportedOn()
                ? UpdateControl.noUpdate()
                : reconcileConnected(scope, webhook);
        return rivalled ? LookAgain.after(RECHECK, update) : update;
    }

    private void forget(TailnetKey key) {
        connections.forget(key);
        webhooks.forget(key);
    }

    private UpdateControl<Tailnet> reportUnresolved(TailnetScope scope, Unresolved why) {
        var view = snapshots.view(TailnetKey.of(scope.tailnet()));
        var claims = new Claims(scope.nodes(), view.devices());
        return report(scope.tailnet(), TailnetPlanner.unresolved(why), view, claims, null);
    }

    private UpdateControl<Tailnet> reconcileConnected(TailnetScope scope, Fact webhook) {
        var input = gatherer.gather(scope, webhook);
        var plan = TailnetPlanner.plan(input);
        var outcome = effects.perform(input, plan);
        var facts = outcome.facts();
        var update = report(
                scope.tailnet(),
                facts,
                input.view(),
                input.claims(),
                outcome.policy().status());
        return LookAgain.soonest(
                Duration.ofMinutes(REGULAR_MINUTES),
                update,
                Optional.of(RECHECK).filter(wait -> outcome.isInRace() || TailnetPlanner.isSecretWrong(facts)),
                outcome.nextTry());
    }

    private UpdateControl<Tailnet> report(
            Tailnet tailnet, List<Fact> facts, TailnetView view, Claims claims, @Nullable TailnetPolicyStatus policy) {
        var status = TailnetStatuses.of(tailnet, facts, view, claims, policy, clock.instant());
        return report.publish(tailnet, new Tailnet(), tailnet.getStatus(), status, PolicyPlan.SETTLING);
    }

    @Override
    public List<EventSource<?, Tailnet>> prepareEventSources(EventSourceContext<Tailnet> context) {
        return TailnetEventSources.all(context, snapshots, nodes, this::forget);
    }
}
