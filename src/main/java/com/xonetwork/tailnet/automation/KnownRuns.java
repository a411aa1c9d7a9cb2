package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** AutomationRuns as their controller has read them, for others than it: there is one copy of them in memory. */
@Singleton
public final class KnownRuns {

    /** A run that has ended is looked at now and then as long as it is there: that is no news of its template. */
    private static final Duration NEWS = Duration.ofMinutes(5);

    private final EndOfRuns ends = new EndOfRuns();
    private volatile @Nullable IndexedResourceCache<AutomationRun> cache;

    void readFrom(IndexedResourceCache<AutomationRun> runs) {
        cache = runs;
    }

    /** @return fewer than there are while the cache is being filled */
    List<AutomationRun> of(AutomationTemplate template) {
        var filled = cache;
        return filled == null
                ? List.of()
                : filled.byIndex(
                        AutomationRunEventSources.TEMPLATE,
                        AutomationRunEventSources.templateKey(
                                template.getMetadata().getNamespace(),
                                template.getMetadata().getName()));
    }

    /** Whether there is a run of this UID. Ask only once the caches are filled. */
    public boolean exists(String uid) {
        var filled = cache;
        return filled == null
                || !filled.byIndex(AutomationRunEventSources.UID, uid).isEmpty();
    }

    /** A run has ended, and its record is complete. Its template is woken soon after that, and later looks by itself. */
    void ended(AutomationRun run, Instant now) {
        var status = run.getStatus();
        var finished = status == null ? null : status.finishedAt();
        if (finished != null && Instant.parse(finished).plus(NEWS).isAfter(now)) {
            ends.tell(new ResourceID(
                    run.getSpec().templateRef().name(), run.getMetadata().getNamespace()));
        }
    }

    /** Wakes a template when one of its runs has ended. */
    EventSource<?, AutomationTemplate> ends() {
        return ends;
    }

    private static final class EndOfRuns extends AbstractEventSource<ResourceID, AutomationTemplate> {

        EndOfRuns() {
            super(ResourceID.class, "ends-of-runs");
        }

        void tell(ResourceID template) {
            if (isRunning()) {
                getEventHandler().handleEvent(new Event(template));
            }
        }

        @Override
        public Set<ResourceID> getSecondaryResources(AutomationTemplate primary) {
            return Set.of();
        }
    }
}
