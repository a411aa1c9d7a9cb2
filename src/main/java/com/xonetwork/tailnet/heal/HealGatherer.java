package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.Standing;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.Age;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;

/** Gathers what a HealPolicy's plan depends on. */
final class HealGatherer {

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final QuietTimes quiet;
    private final Clock clock;

    HealGatherer(SnapshotStore snapshots, TailnetNodeCache nodes, QuietTimes quiet, Clock clock) {
        this.snapshots = snapshots;
        this.nodes = nodes;
        this.quiet = quiet;
        this.clock = clock;
    }

    HealInput gather(HealPolicy policy, Context<HealPolicy> context) {
        var now = clock.instant();
        var key = TailnetKey.named(policy, policy.getSpec().tailnetRef().name());
        var view = snapshots.view(key);
        var tailnet = context.getSecondaryResource(Tailnet.class).orElse(null);
        return new HealInput(
                policy,
                policy.getStatus() != null && tailnet != null && view.isPending(),
                Standing.inTheWay(key.name(), tailnet, view),
                tailnet == null ? Mode.OBSERVE : tailnet.getSpec().mode(),
                NodeIndex.ofTailnet(nodes, key).stream()
                        .filter(node -> HealEventSources.isMeant(policy, node) && !node.isMarkedForDeletion())
                        .toList(),
                context.getPrimaryCache()
                        .list(policy.getMetadata().getNamespace())
                        .filter(other -> !other.getMetadata()
                                .getUid()
                                .equals(policy.getMetadata().getUid()))
                        .toList(),
                context.getSecondaryResources(AutomationRun.class).stream()
                        .sorted(Age.OLDEST_FIRST.reversed())
                        .toList(),
                context.getSecondaryResources(SubnetRoute.class).stream()
                        .filter(route -> route.getSpec().tailnetRef().name().equals(key.name()))
                        .toList(),
                quiet.of(policy, now),
                now);
    }
}
