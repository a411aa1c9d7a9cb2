package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Device;
import java.util.Collection;

/** Told when something became known that a decision or status may depend on. Must be quick and must not throw. */
public interface SnapshotListener {

    /**
     * @param devices those whose observed fields changed, came or went, in their old and new form; empty when only
     *     something about the tailnet as a whole changed
     * @param wholeTailnet also freshness, capabilities or the policy changed: everything in the tailnet may be concerned
     */
    void changed(TailnetKey tailnet, Collection<Device> devices, boolean wholeTailnet);
}
