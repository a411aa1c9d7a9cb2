package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;
import jakarta.inject.Singleton;

/** Has each Tailnet polled as its spec says, or says why it cannot be. */
@Singleton
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
        this.duplicates = new DuplicateTailnets(snapshots);
    }

    /**
     * @return whether to look again soon: an older Tailnet names the same place, and may yet prove that the tailnet is its own
     * @throws Unresolved when there is nothing to poll: what was polled before no longer is
     */
    boolean connect(TailnetScope scope) throws Unresolved {
        try {
            return watch(scope);
        } catch (Unresolved e) {
            poller.stop(TailnetKey.of(scope.tailnet()));
            throw e;
        }
    }

    private boolean watch(TailnetScope scope) throws Unresolved {
        if (scope.tailnet().getSpec().suspend()) {
            throw new Unresolved(Reason.SUSPENDED, "spec.suspend is true: no calls are made");
        }
        var settings = resolver.resolve(scope.tailnet());
        var lookAgain = switch (duplicates.judge(scope.tailnet(), settings, scope.all().stream())) {
            case DuplicateTailnets.Verdict.Younger younger ->
                throw new Unresolved(
                        Reason.DUPLICATE_TAILNET,
                        named(younger.older(), scope)
                                + " is older and connects to the same tailnet, so the operator makes no calls for this one."
                                + " Delete one of the two");
            case DuplicateTailnets.Verdict.Undecided undecided ->
                throw new Unresolved(
                        Reason.PENDING,
                        "an older Tailnet names the same tailnet, and its control plane has not answered yet. The operator"
                                + " waits up to " + DuplicateTailnets.LONGEST_WAIT.toMinutes()
                                + " minutes for the answer. No action is needed");
            case DuplicateTailnets.Verdict.Alone alone -> alone.lookAgain();
        };
        try {
            poller.watch(TailnetKey.of(scope.tailnet()), settings, PollPlans.of(scope, config));
        } catch (ControlPlaneException.Rejected e) {
            throw new Unresolved(Reason.URL_REFUSED, Failures.message(e));
        }
        return lookAgain;
    }

    /** Who may read one namespace is told nothing of what is in others. */
    private static String named(TailnetKey older, TailnetScope scope) {
        return older.namespace().equals(TailnetKey.of(scope.tailnet()).namespace())
                ? "Tailnet " + older.name()
                : "another Tailnet, in another namespace,";
    }

    /** The Tailnet is gone. */
    void forget(TailnetKey tailnet) {
        poller.forget(tailnet);
    }
}
