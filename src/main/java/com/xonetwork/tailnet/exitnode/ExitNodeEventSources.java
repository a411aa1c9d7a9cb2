package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.ByTailnetEventSources;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/** What wakes an ExitNode: its Tailnet, its candidates and their devices. */
final class ExitNodeEventSources {

    private ExitNodeEventSources() {}

    static List<EventSource<?, ExitNode>> all(
            EventSourceContext<ExitNode> context, SnapshotStore snapshots, TailnetNodeCache nodes) {
        var exits = new ByTailnetEventSources<>(
                context, (ExitNode exit) -> exit.getSpec().tailnetRef());
        return List.of(
                exits.tailnets(),
                exits.nodes(nodes, ExitNodeEventSources::isCandidate),
                exits.devices(snapshots, nodes, ExitNodeEventSources::isCandidate));
    }

    private static boolean isCandidate(ExitNode exit, TailnetNode node) {
        return exit.getSpec().candidates().stream()
                .anyMatch(
                        candidate -> candidate.node().equals(node.getMetadata().getName()));
    }
}
