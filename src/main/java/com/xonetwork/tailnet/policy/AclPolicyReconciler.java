package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.Pages;
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
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reports on an AclPolicy; publishes nothing (that is the Tailnet's). Owns the conditions {@code Accepted} and
 * {@code Published}.
 */
@ControllerConfiguration(
        name = "aclpolicy",
        informer = @Informer(onUpdateFilter = SpecOrLabelsChanged.class, informerListLimit = Pages.OF_LARGE),
        generationAwareEventProcessing = false,
        retry = JitteredRetry.class,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
public final class AclPolicyReconciler implements Reconciler<AclPolicy> {

    private final AclPolicyGatherer gatherer = new AclPolicyGatherer();
    private final Report report;
    private final Clock clock;

    public AclPolicyReconciler(EventRecorder events, Clock clock) {
        this.report = new Report(events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<AclPolicy> reconcile(AclPolicy policy, Context<AclPolicy> context) {
        var plan = AclPolicyPlanner.plan(gatherer.gather(policy, context));
        var status = AclPolicyStatuses.of(policy, plan, clock.instant());
        return LookAgain.after(
                plan.mayFollow() ? Optional.of(EventRecorder.SETTLING) : Optional.empty(),
                report.publish(policy, new AclPolicy(), policy.getStatus(), status, plan.settling()));
    }

    @Override
    public List<EventSource<?, AclPolicy>> prepareEventSources(EventSourceContext<AclPolicy> context) {
        return AclPolicyEventSources.all(context);
    }
}
