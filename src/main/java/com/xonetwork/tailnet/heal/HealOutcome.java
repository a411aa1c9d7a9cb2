package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of a plan.
 *
 * @param told all that was decided, with what came of each remedy that was to be begun
 */
record HealOutcome(List<Told> told) {

    private static final Duration UNTIL_ANSWERED = Duration.ofSeconds(2);

    /** Nothing tells when a machine ceases to answer that was asked right before its remedy. */
    Optional<Duration> askAgain(HealPolicySpec spec, HealPlan plan) {
        if (told.stream().anyMatch(one -> one.message().equals(Recheck.ASKED))) {
            return Optional.of(UNTIL_ANSWERED);
        }
        var asked = plan.start().stream().anyMatch(remedy -> remedy.votes().asksSsh());
        return asked && told.stream().anyMatch(one -> one.guard().equals(HealPlanner.QUORUM))
                ? Optional.of(DurationText.parse(spec.retryPeriod()).plusSeconds(1))
                : Optional.empty();
    }
}
