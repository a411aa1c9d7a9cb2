package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import java.util.List;

/**
 * Which machines an attempt is for, and what became of the others in earlier ones. Kept in the attempt's Secret, so that a run's
 * result can be told from what is there, whatever the operator remembers.
 *
 * @param hosts names, of this attempt
 * @param carried results of machines that this attempt leaves alone
 * @param absent names of those among them that no attempt is for: it was not known where they are
 * @param isOneTask what an event says of a machine is its result, and not a step on the way to it
 */
record AttemptOrder(List<String> hosts, List<Host> carried, List<String> absent, boolean isOneTask) {

    @JsonCreator
    AttemptOrder {
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        carried = carried == null ? List.of() : List.copyOf(carried);
        absent = absent == null ? List.of() : List.copyOf(absent);
    }

    /** Of an automation with several tasks, whose machines are all there. */
    AttemptOrder(List<String> hosts, List<Host> carried) {
        this(hosts, carried, List.of(), false);
    }
}
