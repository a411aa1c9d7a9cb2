package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.util.List;

/** Writes a plan down as a status. */
@Pure
final class ExitNodeStatuses {

    private ExitNodeStatuses() {}

    static ExitNodeStatus of(ExitNode exit, ExitNodePlan plan, Instant now) {
        var before = exit.getStatus();
        var generation = exit.getMetadata().getGeneration();
        return new ExitNodeStatus(
                generation,
                Conditions.merge(
                        before == null ? List.of() : before.conditions(),
                        Conditions.summarize(plan.facts(), "every candidate can serve, and one does"),
                        generation,
                        now),
                plan.active(),
                plan.candidates());
    }
}
