package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.route.Router;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link ExitNodePlanner} decides on.
 *
 * @param tailnet null when there is none of that name
 * @param candidates in the order of the spec's list
 * @param election what the last one came to
 */
record ExitNodeInput(
        ExitNode exit,
        @Nullable Tailnet tailnet,
        TailnetView view,
        List<Router> candidates,
        Election.State election,
        Instant now) {

    /** The first poll says more in a moment. Until then the status stays as it is. */
    boolean isTooEarly() {
        return exit.getStatus() != null && tailnet != null && view.isPending();
    }
}
