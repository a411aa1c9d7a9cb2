package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.status.Fact;
import java.time.Clock;

/** The part of a Tailnet that removes devices which nobody owns: gather, plan, perform. */
final class GarbageCollection {

    private final GarbageGatherer gatherer;
    private final GarbageEffects effects;
    private final AnnotationEffects annotations;

    GarbageCollection(SnapshotStore snapshots, AnnotationEffects annotations, EventRecorder events, Clock clock) {
        var budget = new GarbageBudget(snapshots, clock);
        this.gatherer = new GarbageGatherer(snapshots, budget, clock);
        this.effects = new GarbageEffects(snapshots, budget, events);
        this.annotations = annotations;
    }

    Fact collect(TailnetScope scope) {
        var plan = GarbagePlanner.plan(gatherer.gather(scope.tailnet(), scope::wanted));
        return effects.perform(
                scope.tailnet(),
                plan,
                () -> gatherer.gather(scope.tailnet(), scope::wanted),
                notes -> annotations.collections(scope.tailnet(), notes));
    }
}
