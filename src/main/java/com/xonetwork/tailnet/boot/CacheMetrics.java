package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.api.v1alpha1.ConditionedStatus;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.observability.ResourceMetrics;
import com.xonetwork.tailnet.observability.TailnetMetrics;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.Stream;

/** Has the metrics read what the reconcilers' caches hold: nothing is asked of the API server for them. */
@Singleton
final class CacheMetrics {

    private final ResourceMetrics resources;
    private final TailnetMetrics tailnets;

    CacheMetrics(ResourceMetrics resources, TailnetMetrics tailnets, SnapshotStore snapshots) {
        this.resources = resources;
        this.tailnets = tailnets;
        snapshots.addListener(tailnets);
    }

    /** @param operator that runs by now */
    void beRead(Operator operator) {
        for (var registered : operator.getRuntimeInfo().getRegisteredControllers()) {
            var controller = (Controller<?>) registered;
            var type = controller.getConfiguration().getResourceClass();
            resources.watch(HasMetadata.getKind(type), () -> all(controller));
            if (type.equals(Tailnet.class)) {
                tailnets.watch(key -> controller
                        .getEventSourceManager()
                        .getControllerEventSource()
                        .get(new ResourceID(key.name(), key.namespace()))
                        .flatMap(tailnet -> Optional.ofNullable(((Tailnet) tailnet).getStatus())));
            }
        }
    }

    @SuppressWarnings("unchecked") // every kind of this operator is one of these
    private static Stream<CustomResource<?, ? extends ConditionedStatus>> all(Controller<?> controller) {
        return controller
                .getEventSourceManager()
                .getControllerEventSource()
                .list()
                .map(resource -> (CustomResource<?, ? extends ConditionedStatus>) resource);
    }
}
