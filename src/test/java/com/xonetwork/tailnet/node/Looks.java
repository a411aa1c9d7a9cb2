package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.bootstrap.BootstrapPlace;
import com.xonetwork.tailnet.bootstrap.CloudInitSecretEffects;
import com.xonetwork.tailnet.joinkey.JoinKeyEffects;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords;
import com.xonetwork.tailnet.machine.MachineEffects;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.policy.TagOwnership;
import com.xonetwork.tailnet.route.DeclaredRoutes;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.testing.FakeEvents;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Looks at a node as its reconciler does: gathers, plans once, performs. */
final class Looks {

    static final Duration REJECTED_RETRY = Duration.ofMinutes(10);
    static final Duration PATIENCE = Duration.ofSeconds(25);

    private final NodeMemory memory;
    private final NodeGatherer gatherer;
    private final DeletionGatherer dying;
    private final NodeJoinEffects keys;
    private final NodeEffects effects;

    /** @param memory and keys that the effects have too */
    Looks(SnapshotStore snapshots, NodeMemory memory, NodeJoinEffects keys, NodeEffects effects, Clock clock) {
        var place = new BootstrapPlace("https://xo.example.com", List.of(), Optional.empty());
        this.memory = memory;
        this.gatherer = new NodeGatherer(
                snapshots, new TagOwnership(snapshots), new DeclaredRoutes(snapshots), place, memory, clock);
        this.dying = new DeletionGatherer(snapshots);
        this.keys = keys;
        this.effects = effects;
    }

    static NodeMemory memory(SnapshotStore snapshots) {
        return new NodeMemory(snapshots.steady(), REJECTED_RETRY);
    }

    static DeletionPatience patience(Clock clock) {
        return new DeletionPatience(clock, PATIENCE);
    }

    static CloudInitSecretEffects files(KubernetesClient kubernetes, Clock clock) {
        return new CloudInitSecretEffects(kubernetes, Duration.ofDays(7), clock);
    }

    /** Its Events are not the node's, and go elsewhere. */
    static MachineEffects machines(KubernetesClient kubernetes, Clock clock) {
        return new MachineEffects(kubernetes, new EventRecorder(new FakeEvents().client(), clock));
    }

    /** For tests about something else: the join keys of nodes whose Secret is this. */
    static NodeJoinEffects keys(
            SnapshotStore snapshots, JoinKeyRecords secret, EventRecorder events, NodeMemory memory, Clock clock) {
        return new NodeJoinEffects(
                new JoinKeyEffects(secret, clock, snapshots.steady()), events, memory, patience(clock));
    }

    /** For tests about something else: all that is done about a node. */
    static NodeEffects effects(
            SnapshotStore snapshots,
            NodeJoinEffects keys,
            KubernetesClient kubernetes,
            SnapshotPoller poller,
            NodeMemory memory,
            EventRecorder events,
            Clock clock) {
        return new NodeEffects(
                snapshots, keys, files(kubernetes, clock), machines(kubernetes, clock), poller, memory, events);
    }

    NodeOutcome at(TailnetNode node, Context<TailnetNode> context) {
        return effects.perform(node, context, NodePlanner.plan(gatherer.gather(node, context)));
    }

    Optional<Duration> release(TailnetNode node, Context<TailnetNode> context) {
        return keys.release(node, context, DeletionPlanner.plan(dying.gather(node, context)));
    }

    void forget(TailnetNode node) {
        memory.forget(node);
    }
}
