package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lets resources look up all of another kind in their namespace. */
public final class NamespaceEventSources {

    private NamespaceEventSources() {}

    /**
     * A resource that is created later than one of these must find it too, so the way back goes through their own cache.
     *
     * @param woken whom a change of one concerns
     */
    public static <R extends HasMetadata, P extends HasMetadata> InformerEventSource<R, P> of(
            Class<R> kind, EventSourceContext<P> context, Function<R, Set<ResourceID>> woken) {
        return of(kind, context, woken, (now, before) -> false);
    }

    /** @param alsoWhen lets further updates through than those of specs and labels */
    public static <R extends HasMetadata, P extends HasMetadata> InformerEventSource<R, P> of(
            Class<R> kind,
            EventSourceContext<P> context,
            Function<R, Set<ResourceID>> woken,
            OnUpdateFilter<R> alsoWhen) {
        var itself = new AtomicReference<InformerEventSource<R, P>>();
        var source = new InformerEventSource<R, P>(
                InformerEventSourceConfiguration.from(kind, context.getPrimaryResourceClass())
                        .withSecondaryToPrimaryMapper(woken::apply)
                        .withPrimaryToSecondaryMapper((P primary) -> Objects.requireNonNull(itself.get())
                                .list(primary.getMetadata().getNamespace())
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<R>().or(alsoWhen))
                        .build(),
                context);
        itself.set(source);
        return source;
    }
}
