package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.policy.PolicyPlan;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of a {@link TailnetPlan}.
 *
 * @param policy how the policy stands now
 * @param imports {@code DevicesImported}
 * @param garbage {@code GarbageCollection}
 * @param isInRace whether something changed while it was done, of which no event may tell
 */
record TailnetOutcome(List<Fact> connection, PolicyPlan policy, Fact imports, Fact garbage, boolean isInRace) {

    List<Fact> facts() {
        var facts = new ArrayList<>(connection);
        facts.add(policy.fact());
        facts.add(imports);
        facts.add(garbage);
        return facts;
    }

    /** When a document that could not be written may be tried again; empty when none rests. */
    Optional<Duration> nextTry() {
        return policy.nextTry();
    }
}
