package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import java.util.List;

/**
 * Which machines an attempt is for, and what became of the others in earlier ones. Kept in the attempt's Secret, so that a run's
 * result can be told from what is there, whatever the operator remembers.
 *
 * @param hosts names, of this attempt
 * @param carried results of machines that this attempt leaves alone
 */
record AttemptOrder(List<String> hosts, List<Host> carried) {}
