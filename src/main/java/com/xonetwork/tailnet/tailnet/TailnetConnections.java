package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;

/** Has each Tailnet polled as its spec says, or says why it cannot be. */
final class TailnetConnections {

    private final SnapshotPoller poller;
    private final OperatorConfig config;
    private final ConnectionResolver resolver;
    private final DuplicateTailnets duplicates;

    TailnetConnections(
            ConnectionResolver resolver, SnapshotStore snapshots, SnapshotPoller poller, OperatorConfig config) {
        this.poller = poller;
        this.config = config;
        this.resolver = resolver;
        this.duplicates = new DuplicateTailnets(poller, snapshots);
    }

    /** @throws Unresolved when there is nothing to poll: what was polled before no longer is */
    void connect(TailnetScope scope) throws Unresolved {
        try {
            watch(scope);
        } catch (Unresolved e) {
            poller.stop(TailnetKey.of(scope.tailnet()));
            throw e;
        }
    }

    private void watch(TailnetScope scope) throws Unresolved {
        if (scope.tailnet().getSpec().suspend()) {
            throw new Unresolved(Reason.SUSPENDED, "spec.suspend is true: no calls are made");
        }
        var settings = resolver.resolve(scope.tailnet());
        var older = duplicates.olderOne(scope.tailnet(), settings, scope.allTailnets());
        if (older.isPresent()) {
            throw new Unresolved(
                    Reason.DUPLICATE_TAILNET,
                    "Tailnet " + older.get() + " is older and stands for the same tailnet: delete one of the two");
        }
        try {
            poller.watch(TailnetKey.of(scope.tailnet()), settings, PollPlans.of(scope, config));
        } catch (ControlPlaneException.Rejected e) {
            throw new Unresolved(Reason.URL_REFUSED, Failures.message(e));
        }
    }

    /** The Tailnet is gone. */
    void forget(TailnetKey tailnet) {
        poller.stop(tailnet);
        duplicates.forget(tailnet);
    }
}
