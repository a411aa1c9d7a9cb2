package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus.Decision;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Writes a plan down as a status. */
final class HealStatuses {

    private HealStatuses() {}

    /** @param told what was decided; only what is new about its node is added */
    static HealPolicyStatus of(HealPolicy policy, HealPlan plan, List<Told> told, Instant now) {
        var before = policy.getStatus();
        var generation = policy.getMetadata().getGeneration();
        var decisions = new ArrayList<>(before == null ? List.<Decision>of() : before.decisions());
        for (var one : told) {
            var last = decisions.stream()
                    .filter(decision -> decision.node().equals(one.node()))
                    .findFirst();
            var isNews = last.isEmpty()
                    || !last.get().decision().equals(one.decision())
                    || !last.get().brake().equals(one.brake())
                    || !last.get().message().equals(one.message());
            if (isNews) {
                decisions.addFirst(new Decision(
                        now.truncatedTo(ChronoUnit.SECONDS).toString(),
                        one.node(),
                        one.decision(),
                        one.brake(),
                        one.message()));
            }
        }
        return new HealPolicyStatus(
                generation,
                Conditions.merge(
                        before == null ? List.of() : before.conditions(),
                        Conditions.summarize(plan.facts(), "all nodes are healthy"),
                        generation,
                        now),
                plan.observed(),
                plan.healthy(),
                plan.allowed(),
                plan.unhealthy().stream().limit(HealPolicyStatus.MAX_NODES).toList(),
                decisions.stream().limit(HealPolicyStatus.MAX_DECISIONS).toList());
    }
}
