package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;

/** Wakes runs that wait for a place or a machine when another run lets go of what it had taken. */
final class WokenRuns extends AbstractEventSource<ResourceID, AutomationRun> {

    WokenRuns() {
        super(ResourceID.class, "places");
    }

    void wake(Set<ResourceID> runs) {
        if (isRunning()) {
            runs.forEach(run -> getEventHandler().handleEvent(new Event(run)));
        }
    }

    @Override
    public Set<ResourceID> getSecondaryResources(AutomationRun primary) {
        return Set.of();
    }
}
