package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.heal.HealInput.Quiet;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.Standing;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.Age;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Gathers what a HealPolicy's plan depends on, and remembers what rests. */
final class HealSurroundings {

    private final SnapshotStore snapshots;
    private final TailnetNodeCache nodes;
    private final Map<String, Map<String, Quiet>> quiet = new ConcurrentHashMap<>();

    HealSurroundings(SnapshotStore snapshots, TailnetNodeCache nodes) {
        this.snapshots = snapshots;
        this.nodes = nodes;
    }

    static TailnetKey keyOf(HealPolicy policy) {
        return TailnetKey.named(policy, policy.getSpec().tailnetRef().name());
    }

    HealInput input(HealPolicy policy, Context<HealPolicy> context, Instant now) {
        var key = keyOf(policy);
        var tailnet = context.getSecondaryResource(Tailnet.class).orElse(null);
        return new HealInput(
                policy,
                Standing.inTheWay(key.name(), tailnet, snapshots.view(key)),
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
                quiet.computeIfAbsent(policy.getMetadata().getUid(), unused -> afterRestart(policy, now)),
                now);
    }

    /** A storm of before the restart: everything rests for a cooldown. It makes nodes wait, and nothing else. */
    private static Map<String, Quiet> afterRestart(HealPolicy policy, Instant now) {
        var status = policy.getStatus();
        var stormy = status != null && Conditions.isTrue(status.conditions(), ConditionType.STORM_ACTIVE);
        var until = now.plus(DurationText.parse(policy.getSpec().stormCooldownDuration()));
        return stormy ? Map.of(Storms.STORM, new Quiet(false, until, Set.of())) : Map.of();
    }

    void remember(HealPolicy policy, HealPlan plan) {
        quiet.put(policy.getMetadata().getUid(), plan.quiet());
    }

    void forget(HealPolicy policy) {
        quiet.remove(policy.getMetadata().getUid());
    }
}
