package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of a {@link MachinePlan}, and what is to be said of it.
 *
 * @param lookAgain when the clock alone will change the outcome
 */
public record MachineOutcome(Fact fact, Optional<Duration> lookAgain) {

    /** All was done as planned. */
    static MachineOutcome of(MachinePlan plan) {
        return new MachineOutcome(plan.fact(), plan.lookAgain());
    }
}
