package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link SubnetRoutePlanner} decides on.
 *
 * @param tailnet null when there is none of that name
 * @param refusal why the route does not count, if it does not
 * @param routers the nodes that {@code via} means, by name; a name without a TailnetNode too
 */
record SubnetRouteInput(
        SubnetRoute route,
        @Nullable Tailnet tailnet,
        TailnetView view,
        Optional<RouteIntents.Refusal> refusal,
        List<Router> routers,
        Instant now) {

    /** The first poll says more in a moment. Until then the status stays as it is. */
    boolean isTooEarly() {
        return route.getStatus() != null && tailnet != null && view.isPending();
    }
}
