package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.runner.RunEvent;
import com.xonetwork.tailnet.runner.RunEventStore;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Wakes a run that has new events, once for all that come within a second: its status is a summary, not a stream. */
final class RunEventsSource extends AbstractEventSource<RunEvent, AutomationRun> {

    private static final long SPACING_MILLIS = 1_000;

    private final RunEventStore store;
    private final Function<AttemptKey, Collection<ResourceID>> concerned;
    private final Set<AttemptKey> due = ConcurrentHashMap.newKeySet();
    private final Consumer<AttemptKey> listener = this::hear;
    private volatile @Nullable ScheduledExecutorService timer;

    RunEventsSource(RunEventStore store, Function<AttemptKey, Collection<ResourceID>> concerned) {
        super(RunEvent.class, "run-events");
        this.store = store;
        this.concerned = concerned;
    }

    private void hear(AttemptKey attempt) {
        var running = timer;
        if (running != null && due.add(attempt)) {
            running.schedule(() -> wake(attempt), SPACING_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void wake(AttemptKey attempt) {
        due.remove(attempt);
        concerned.apply(attempt).forEach(id -> getEventHandler().handleEvent(new Event(id)));
    }

    @Override
    public Set<RunEvent> getSecondaryResources(AutomationRun primary) {
        return Set.of();
    }

    @Override
    public void start() {
        if (!isRunning()) {
            super.start();
            timer = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("run-events").factory());
            store.addListener(listener);
        }
    }

    @Override
    public void stop() {
        store.removeListener(listener);
        var running = timer;
        timer = null;
        if (running != null) {
            running.shutdownNow();
        }
        super.stop();
    }
}
