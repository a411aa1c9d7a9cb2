package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Hears from the watch itself that a Tailnet is gone. The reconciliation of the deletion does the same; but it can come late, when the
 * reconciliation before it failed, and until then the operator would go on with calls for a tailnet that nobody wants.
 */
final class DeletedTailnets extends AbstractEventSource<Void, Tailnet> implements ResourceEventAware<Tailnet> {

    private final Consumer<TailnetKey> forget;

    /** @param forget must be quick, and may be called twice for one deletion */
    DeletedTailnets(Consumer<TailnetKey> forget) {
        super(Void.class, "deleted");
        this.forget = forget;
    }

    @Override
    public void onResourceDeleted(Tailnet tailnet) {
        forget.accept(TailnetKey.of(tailnet));
    }

    @Override
    public Set<Void> getSecondaryResources(Tailnet primary) {
        return Set.of();
    }
}
