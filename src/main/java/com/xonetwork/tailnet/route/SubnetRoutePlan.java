package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of a SubnetRoute; there is nothing to do about it here.
 *
 * @param routers facts of each router
 */
record SubnetRoutePlan(List<Fact> facts, List<SubnetRouteStatus.Route> routes, List<RouterFacts> routers) {

    /** What is wrong only until the rest of an apply comes, if it does: a network that moves from one SubnetRoute to another. */
    static final Set<Reason> SETTLING = Set.of(Reason.CONFLICT);

    /** Whether it is refused now and may be right with the next look. */
    boolean mayFollow() {
        return facts.stream().anyMatch(fact -> SETTLING.contains(fact.reason()));
    }

    /** @param deviceId null while no device stands for the node */
    record RouterFacts(String node, @Nullable String deviceId, List<Fact> facts) {}
}
