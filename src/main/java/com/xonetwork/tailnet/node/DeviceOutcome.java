package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.snapshot.TailnetView;
import java.util.Optional;

/**
 * What came of the changes to devices that a {@link NodePlan} asked for.
 *
 * @param view the one that they were decided on, with what was written
 * @param held writes that are not to be tried again yet, those that just failed among them
 * @param rival who keeps undoing what the operator writes; empty when no fight was given up, the empty text when nobody can say
 */
record DeviceOutcome(TailnetView view, WriteMemory.Held held, Optional<String> rival) {

    /** Of a plan that asked for nothing. */
    static DeviceOutcome nothing(NodeInput input) {
        return new DeviceOutcome(input.view(), input.remembered().held(), Optional.empty());
    }
}
