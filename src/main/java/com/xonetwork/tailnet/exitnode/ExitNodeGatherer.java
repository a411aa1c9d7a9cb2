package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeSpec.Candidate;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.route.Routers;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.IpForwardingReports.Role;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.util.List;

/** Gathers what an ExitNode's plan depends on. */
final class ExitNodeGatherer {

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final IpForwardingReports forwarding;
    private final Elections elections;
    private final Clock clock;

    ExitNodeGatherer(
            SnapshotStore snapshots,
            TailnetNodeCache nodes,
            IpForwardingReports forwarding,
            Elections elections,
            Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.forwarding = forwarding;
        this.elections = elections;
        this.clock = clock;
    }

    ExitNodeInput gather(ExitNode exit, Context<ExitNode> context) {
        var key = TailnetKey.named(exit, exit.getSpec().tailnetRef().name());
        var view = snapshots.view(key);
        var routers = new Routers(
                nodes,
                key,
                view,
                RouteIntents.of(List.of(), List.of(exit)),
                device -> forwarding.reportedAt(key, device, Role.EXIT_NODE).isPresent());
        return new ExitNodeInput(
                exit,
                context.getSecondaryResource(Tailnet.class).orElse(null),
                view,
                exit.getSpec().candidates().stream()
                        .map(Candidate::node)
                        .map(routers::named)
                        .toList(),
                elections.of(exit),
                clock.instant());
    }
}
