package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.api.v1alpha1.ConditionedStatus;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.status.StatusPatch;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of every reconciliation: a status that differs is written, and what is news in it becomes an Event before that. An unchanged
 * status is not written; at most one Warning says that something that a new resource names still does not exist.
 */
public final class Report {

    private final EventRecorder events;

    public Report(EventRecorder events) {
        this.events = events;
    }

    /**
     * @param empty a new object of the same kind, to be filled
     * @param before the status that the resource came with
     */
    public <S, T extends ConditionedStatus, R extends CustomResource<S, T>> UpdateControl<R> publish(
            R resource, R empty, @Nullable T before, T status) {
        return publish(resource, empty, before, status, Set.of());
    }

    /**
     * @param settling reasons that another part of the same apply may take away a moment later: told as a Normal Event first, and as a
     *     Warning if they stay
     */
    public <S, T extends ConditionedStatus, R extends CustomResource<S, T>> UpdateControl<R> publish(
            R resource, R empty, @Nullable T before, T status, Set<Reason> settling) {
        return publish(resource, empty, before, status, () -> ConditionType.toldOf(resource.getClass()), settling);
    }

    /** @param told the conditions whose changes are told as Events */
    public <S, T extends ConditionedStatus, R extends CustomResource<S, T>> UpdateControl<R> publish(
            R resource, R empty, @Nullable T before, T status, Supplier<Set<ConditionType>> told) {
        return publish(resource, empty, before, status, told, Set.of());
    }

    private <S, T extends ConditionedStatus, R extends CustomResource<S, T>> UpdateControl<R> publish(
            R resource,
            R empty,
            @Nullable T before,
            T status,
            Supplier<Set<ConditionType>> told,
            Set<Reason> settling) {
        // Also with a status that differs: one that counts devices may differ at every look.
        events.stillMissing(resource, status.conditions(), settling);
        if (status.equals(before)) {
            return UpdateControl.noUpdate();
        }
        events.transitions(
                resource, before == null ? List.of() : before.conditions(), status.conditions(), told.get(), settling);
        return UpdateControl.patchStatus(StatusPatch.of(resource, empty, status));
    }
}
