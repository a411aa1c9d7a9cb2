package com.xonetwork.tailnet.nodeclass;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.NodeClassStatus;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.util.List;

/** Writes down as a status how many nodes a class matches. */
@Pure
final class NodeClassStatuses {

    private NodeClassStatuses() {}

    /** @param members nodes that report the class */
    static NodeClassStatus of(NodeClass nodeClass, int members, Instant now) {
        var before = nodeClass.getStatus();
        var generation = nodeClass.getMetadata().getGeneration();
        return new NodeClassStatus(
                generation,
                Conditions.merge(
                        before == null ? List.of() : before.conditions(),
                        Conditions.summarize(List.of(), "the rules are active"),
                        generation,
                        now),
                members,
                nodeClass.getSpec().tags());
    }
}
