package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.route.DeclaredRoutes;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Fact;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import jakarta.inject.Singleton;

/** Gathers what a Tailnet's plan depends on: each part of the plan has its input. */
@Singleton
final class TailnetGatherer {

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final DeclaredRoutes declared;
    private final PolicyGatherer policy;
    private final GarbageGatherer garbage;

    TailnetGatherer(
            SnapshotStore snapshots,
            TailnetNodeCache nodes,
            DeclaredRoutes declared,
            PolicyGatherer policy,
            GarbageGatherer garbage) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.declared = declared;
        this.policy = policy;
        this.garbage = garbage;
    }

    /** What there is around a Tailnet, be it connected or not. */
    TailnetScope scope(Tailnet tailnet, Context<Tailnet> context) {
        return TailnetScope.of(tailnet, context, nodes, declared);
    }

    /** @param webhook {@code WebhookReady} */
    TailnetInput gather(TailnetScope scope, Fact webhook) {
        var tailnet = scope.tailnet();
        var key = TailnetKey.of(tailnet);
        var view = snapshots.view(key);
        var claims = new Claims(scope.nodes(), view.devices());
        var imports =
                new ImportInput(key, tailnet.getSpec().deviceImport(), view, scope.nodes(), scope.classes(), claims);
        return new TailnetInput(
                scope,
                view,
                claims,
                policy.gather(scope, view, claims, imports),
                imports,
                garbage.gather(tailnet, scope.classes()),
                webhook);
    }
}
