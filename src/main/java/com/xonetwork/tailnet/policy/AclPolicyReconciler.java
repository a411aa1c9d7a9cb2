package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AclPolicyStatus;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.kube.Pages;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.status.Conditions;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

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

    private static final String BY_TAILNET = "by-tailnet";

    private final Report report;
    private final Clock clock;

    public AclPolicyReconciler(EventRecorder events, Clock clock) {
        this.report = new Report(events);
        this.clock = clock;
    }

    @Override
    public UpdateControl<AclPolicy> reconcile(AclPolicy policy, Context<AclPolicy> context) {
        var plan = AclPolicyPlanner.plan(
                policy, context.getSecondaryResource(Tailnet.class).orElse(null));
        var before = policy.getStatus();
        var generation = policy.getMetadata().getGeneration();
        var previous = before == null ? List.<Condition>of() : before.conditions();
        var status = new AclPolicyStatus(
                generation,
                Conditions.merge(
                        previous, Conditions.summarize(plan.facts(), plan.ready()), generation, clock.instant()),
                plan.sections(),
                plan.impact());
        return LookAgain.after(
                plan.mayFollow() ? Optional.of(EventRecorder.SETTLING) : Optional.empty(),
                report.publish(policy, new AclPolicy(), before, status, plan.settling()));
    }

    @Override
    public List<EventSource<?, AclPolicy>> prepareEventSources(EventSourceContext<AclPolicy> context) {
        var policies = context.getPrimaryCache();
        policies.addIndexer(
                BY_TAILNET,
                policy -> List.of(key(policy, policy.getSpec().tailnetRef().name())));
        return List.of(new InformerEventSource<Tailnet, AclPolicy>(
                InformerEventSourceConfiguration.from(Tailnet.class, AclPolicy.class)
                        .withSecondaryToPrimaryMapper(tailnet ->
                                policies
                                        .byIndex(
                                                BY_TAILNET,
                                                key(
                                                        tailnet,
                                                        tailnet.getMetadata().getName()))
                                        .stream()
                                        .map(ResourceID::fromResource)
                                        .collect(Collectors.toSet()))
                        .withPrimaryToSecondaryMapper((AclPolicy policy) -> Set.of(new ResourceID(
                                policy.getSpec().tailnetRef().name(),
                                policy.getMetadata().getNamespace())))
                        .build(),
                context));
    }

    private static String key(HasMetadata resource, String tailnet) {
        return resource.getMetadata().getNamespace() + "/" + tailnet;
    }
}
