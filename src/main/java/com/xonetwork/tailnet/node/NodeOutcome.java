package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.machine.MachineOutcome;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of a {@link NodePlan}.
 *
 * @param devices how the node's device compares with what is wanted now
 * @param key what there is to say of the join key, and of the files for the machine's first boot
 * @param machine empty for a node whose machine is not reached over SSH
 */
record NodeOutcome(DevicePlan devices, JoinSaid key, Optional<MachineOutcome> machine) {

    /** While the machine is not in, what is being done about that is the first thing to know. */
    List<Fact> facts() {
        var facts = new ArrayList<>(devices.facts());
        key.fact().ifPresent(facts::add);
        machine.ifPresent(said -> facts.add(devices.device() == null ? 0 : facts.size(), said.fact()));
        return facts;
    }

    Fact fact(ConditionType type) {
        return facts().stream().filter(fact -> fact.type() == type).findFirst().orElseThrow();
    }

    /** When something will change by the clock alone. */
    Optional<Duration> lookAgain() {
        return Stream.of(
                        devices.lookAgain(),
                        key.lookAgain().map(LookAgain::safe),
                        machine.flatMap(MachineOutcome::lookAgain).map(LookAgain::safe))
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }
}
