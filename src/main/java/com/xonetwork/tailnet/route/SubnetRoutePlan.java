package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus;
import com.xonetwork.tailnet.status.Fact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of a SubnetRoute; there is nothing to do about it here.
 *
 * @param routers facts of each router
 */
record SubnetRoutePlan(List<Fact> facts, List<SubnetRouteStatus.Route> routes, List<RouterFacts> routers) {

    /** @param deviceId null while no device stands for the node */
    record RouterFacts(String node, @Nullable String deviceId, List<Fact> facts) {}
}
