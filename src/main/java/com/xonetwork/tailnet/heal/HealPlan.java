package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus.UnhealthyNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for the nodes of a policy, and what is to be said.
 *
 * @param start remedies to begin
 * @param cancel runs that have taken too long
 * @param remove runs that ended long ago, and that nothing is decided on any more
 * @param told decisions, whether or not they are new
 * @param quiet what rests, for the next plan
 * @param incidents what began to be suspected with this plan: one Event each
 * @param lookAgain when time alone will change the outcome
 */
record HealPlan(
        List<Fact> facts,
        int observed,
        int healthy,
        int allowed,
        List<UnhealthyNode> unhealthy,
        List<Remedy> start,
        List<AutomationRun> cancel,
        List<AutomationRun> remove,
        List<Told> told,
        Map<String, HealInput.Quiet> quiet,
        List<String> incidents,
        Optional<Duration> lookAgain) {

    /**
     * A remedy to begin.
     *
     * @param before the newest run of the node; null for none
     * @param votes of the quorum's sources
     */
    record Remedy(
            TailnetNode node,
            int rung,
            Remediation remediation,
            @Nullable AutomationRun before,
            Votes votes,
            String why) {}

    /** A decision without its time. */
    record Told(String node, String decision, String guard, String message) {}
}
