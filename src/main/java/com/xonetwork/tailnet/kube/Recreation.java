package com.xonetwork.tailnet.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has a resource reconciled that was made anew, under the name of a deleted one, while the deletion was still being looked at. JOSDK
 * (5.3, {@code EventProcessor.eventProcessingFinished} with {@code triggerReconcilerOnAllEvents}) then forgets all that it has heard of
 * the name, the new resource included: {@code kubectl replace --force} would leave one that nobody looks at.
 *
 * @param <P> the resource
 */
public final class Recreation<P extends HasMetadata> implements Reconciler<P> {

    private static final Logger LOG = Logger.getLogger(Recreation.class);

    /** By then the deletion is behind. */
    static final Duration AFTER = Duration.ofSeconds(1);

    private final Reconciler<P> reconciler;
    private volatile @Nullable Source<P> source;

    /** @param reconciler one that is told of deletions */
    public Recreation(Reconciler<P> reconciler) {
        this.reconciler = reconciler;
    }

    @Override
    public UpdateControl<P> reconcile(P resource, Context<P> context) throws Exception {
        try {
            return reconciler.reconcile(resource, context);
        } finally {
            var known = source;
            if (known != null && context.isPrimaryResourceDeleted()) {
                known.lookFor(ResourceID.fromResource(resource));
            }
        }
    }

    @Override
    public ErrorStatusUpdateControl<P> updateErrorStatus(P resource, Context<P> context, Exception e) {
        return reconciler.updateErrorStatus(resource, context, e);
    }

    @Override
    public List<EventSource<?, P>> prepareEventSources(EventSourceContext<P> context) {
        var own = new Source<P>(context.getPrimaryCache());
        source = own;
        return Stream.concat(reconciler.prepareEventSources(context).stream(), Stream.of(own))
                .toList();
    }

    /** Wakes what is there under a name. */
    private static final class Source<P extends HasMetadata> extends AbstractEventSource<Void, P> {

        private final IndexedResourceCache<P> cache;

        Source(IndexedResourceCache<P> cache) {
            super(Void.class, "recreation");
            this.cache = cache;
        }

        void lookFor(ResourceID id) {
            CompletableFuture.delayedExecutor(AFTER.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> wake(id));
        }

        private void wake(ResourceID id) {
            try {
                if (isRunning()) {
                    // An event of another kind would be passed over: of a name that is forgotten, only the resource
                    // itself is heard.
                    cache.get(id)
                            .ifPresent(there ->
                                    getEventHandler().handleEvent(new ResourceEvent(ResourceAction.ADDED, id, there)));
                }
            } catch (RuntimeException e) {
                LOG.errorf(
                        e,
                        "resource %s/%s was deleted and created again, and may not be reconciled. If it has no status, change a label of it",
                        id.getNamespace().orElse(""),
                        id.getName());
            }
        }

        @Override
        public Set<Void> getSecondaryResources(P primary) {
            return Set.of();
        }
    }
}
