package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.status.Fact;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which devices go, and what is said of that.
 *
 * @param remove now, in this order
 * @param after what is said when the devices of these ids are gone, or turned out to be wanted
 */
record GarbagePlan(List<Device> remove, Function<Set<String>, Fact> after) {

    static GarbagePlan nothing(Fact fact) {
        return new GarbagePlan(List.of(), gone -> fact);
    }
}
