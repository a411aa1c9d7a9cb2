package com.xonetwork.tailnet.controlplane;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A device's routes as CIDRs. A route carries traffic only when it is in both sets.
 *
 * @param advertised what the device itself offers; only the device can change it
 * @param enabled what is approved for it
 */
public record DeviceRoutes(SortedSet<String> advertised, SortedSet<String> enabled) {
    public DeviceRoutes {
        advertised = Collections.unmodifiableSortedSet(new TreeSet<>(advertised));
        enabled = Collections.unmodifiableSortedSet(new TreeSet<>(enabled));
    }
}
