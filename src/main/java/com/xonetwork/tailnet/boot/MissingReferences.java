package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.api.v1alpha1.ConditionedStatus;
import com.xonetwork.tailnet.observability.EventRecorder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/**
 * Warns of a reference that was told as a Normal Event while its resource was new, and that is still missing. It is the same for every
 * kind, and most looks change no status, so no reconciler would come to it.
 *
 * @param <P> the resource
 */
final class MissingReferences<P extends HasMetadata> implements Reconciler<P> {

    private final Reconciler<P> reconciler;
    private final EventRecorder events;

    MissingReferences(Reconciler<P> reconciler, EventRecorder events) {
        this.reconciler = reconciler;
        this.events = events;
    }

    @Override
    public UpdateControl<P> reconcile(P resource, Context<P> context) throws Exception {
        var update = reconciler.reconcile(resource, context);
        var now = update.getResource().orElse(resource);
        if (!context.isPrimaryResourceDeleted()
                && now instanceof CustomResource<?, ?> custom
                && custom.getStatus() instanceof ConditionedStatus status) {
            events.stillMissing(now, status.conditions());
        }
        return update;
    }

    @Override
    public ErrorStatusUpdateControl<P> updateErrorStatus(P resource, Context<P> context, Exception e) {
        return reconciler.updateErrorStatus(resource, context, e);
    }

    @Override
    public List<EventSource<?, P>> prepareEventSources(EventSourceContext<P> context) {
        return reconciler.prepareEventSources(context);
    }
}
