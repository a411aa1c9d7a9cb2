package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What wakes an AclPolicy, and what it can look up: its Tailnet, in whose status the merge is written. */
final class AclPolicyEventSources {

    private static final String BY_TAILNET = "by-tailnet";

    private AclPolicyEventSources() {}

    static List<EventSource<?, AclPolicy>> all(EventSourceContext<AclPolicy> context) {
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
