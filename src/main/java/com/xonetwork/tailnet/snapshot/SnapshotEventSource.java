package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Device;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Collection;
import java.util.Set;

/**
 * Wakes exactly the resources that a change in a snapshot concerns. Holds nothing itself: reconcilers read the
 * {@link SnapshotStore}.
 *
 * @param <P> the primary resource
 */
public final class SnapshotEventSource<P extends HasMetadata> extends AbstractEventSource<Device, P>
        implements SnapshotListener {

    /** Which primaries a change concerns. It may read caches, and must change nothing. */
    @FunctionalInterface
    public interface Concerned {
        Collection<ResourceID> by(TailnetKey tailnet, Collection<Device> devices, boolean wholeTailnet);
    }

    private final SnapshotStore store;
    private final Concerned concerned;

    public SnapshotEventSource(SnapshotStore store, Concerned concerned) {
        super(Device.class, "snapshot");
        this.store = store;
        this.concerned = concerned;
    }

    @Override
    public void changed(TailnetKey tailnet, Collection<Device> devices, boolean wholeTailnet) {
        if (isRunning()) {
            concerned
                    .by(tailnet, devices, wholeTailnet)
                    .forEach(id -> getEventHandler().handleEvent(new Event(id)));
        }
    }

    @Override
    public Set<Device> getSecondaryResources(P primary) {
        return Set.of();
    }

    @Override
    public void start() {
        if (!isRunning()) {
            super.start();
            store.addListener(this);
        }
    }

    @Override
    public void stop() {
        store.removeListener(this);
        super.stop();
    }
}
