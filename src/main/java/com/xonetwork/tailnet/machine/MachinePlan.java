package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be done about a machine, and what is to be said of it.
 *
 * @param start the run to make now
 * @param lookAgain when the clock alone will change the outcome
 */
public record MachinePlan(Fact fact, Optional<MachineOrder> start, Optional<Duration> lookAgain) {

    static MachinePlan nothing(Fact fact) {
        return new MachinePlan(fact, Optional.empty(), Optional.empty());
    }
}
