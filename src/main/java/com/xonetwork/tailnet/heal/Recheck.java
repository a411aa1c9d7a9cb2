package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.heal.HealPlan.Remedy;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import com.xonetwork.tailnet.pure.Pure;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides right before a remedy begins whether it still may. What is asked for that costs calls, so it is no part of the plan. */
@Pure
final class Recheck {

    /** Why a remedy waits for a few seconds. */
    static final String ASKED = "the operator is checking whether the machine answers by SSH";

    private static final String GUARD = "Recheck";

    private Recheck() {}

    /**
     * What holds the remedy back, going by its node.
     *
     * @param fresh the node as the API server has it; null when it is gone
     */
    static Optional<Told> node(HealPolicySpec spec, Remedy remedy, @Nullable TailnetNode fresh, Instant now) {
        if (fresh == null || fresh.isMarkedForDeletion()) {
            return held(remedy, GUARD, "the node is being deleted");
        }
        return NodeHealth.of(fresh, spec, now).state() == NodeHealth.State.UNHEALTHY
                ? Optional.empty()
                : held(remedy, GUARD, "the node has become healthy by itself");
    }

    /** Whether the machine is to be asked by SSH before this remedy. */
    static boolean asksSsh(Remedy remedy, TailnetNode fresh) {
        return remedy.remediation().needsQuorum()
                && remedy.votes().asksSsh()
                && fresh.getSpec().ssh() != null;
    }

    /**
     * What holds the remedy back, going by the quorum.
     *
     * @param votes empty while the machine has not answered
     */
    static Optional<Told> votes(HealPolicySpec spec, Remedy remedy, Optional<Votes> votes) {
        if (votes.isEmpty()) {
            return held(remedy, GUARD, ASKED);
        }
        return remedy.remediation().needsQuorum()
                ? votes.get()
                        .against(spec.quorum().min())
                        .flatMap(why -> held(remedy, HealPlanner.QUORUM, remedy.why() + ": " + why))
                : Optional.empty();
    }

    private static Optional<Told> held(Remedy remedy, String guard, String why) {
        return Optional.of(new Told(remedy.node().getMetadata().getName(), "Held", guard, why));
    }
}
