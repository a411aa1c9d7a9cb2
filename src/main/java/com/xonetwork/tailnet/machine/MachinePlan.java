package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be done about a machine, and what is to be said of it.
 *
 * @param start the run to make now
 * @param upkeep what is kept beside; empty when nothing can be done on the machine
 * @param lookAgain when the clock alone will change the outcome
 */
public record MachinePlan(
        Fact fact, Optional<MachineOrder> start, Optional<Duration> lookAgain, Optional<MachineUpkeep> upkeep) {

    /** What is said of a machine on which nothing can be done now. */
    public static MachinePlan nothing(Fact fact) {
        return new MachinePlan(fact, Optional.empty(), Optional.empty());
    }

    MachinePlan(Fact fact, Optional<MachineOrder> start, Optional<Duration> lookAgain) {
        this(fact, start, lookAgain, Optional.empty());
    }

    MachinePlan keeping(MachineUpkeep kept) {
        return new MachinePlan(fact, start, lookAgain, Optional.of(kept));
    }
}
