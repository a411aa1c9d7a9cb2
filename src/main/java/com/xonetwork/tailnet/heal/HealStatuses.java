package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus.Decision;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/** Writes a plan down as a status. */
@Pure
final class HealStatuses {

    /** The only decision that is told once. */
    static final String STARTED = "Started";

    private HealStatuses() {}

    /** Of what was decided, only what is new about its node is added. */
    static HealPolicyStatus of(HealPolicy policy, HealPlan plan, HealOutcome outcome, Instant now) {
        var before = policy.getStatus();
        var generation = policy.getMetadata().getGeneration();
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
                decisions(before == null ? List.of() : before.decisions(), outcome.told(), now));
    }

    /**
     * The newest first. A decision that holds is told at each look, so one that is listed keeps its place for as long as it holds:
     * if more hold than the list can have, those that are not listed wait for a place. Otherwise each look would push out
     * some that the next one brings back.
     */
    private static List<Decision> decisions(List<Decision> before, List<Told> told, Instant now) {
        var standing = new HashSet<Told>();
        var past = new ArrayDeque<Integer>();
        var overtaken = new HashSet<String>();
        for (var place = 0; place < before.size(); place++) {
            var one = told(before.get(place));
            if (!told.contains(one) || overtaken.contains(one.node()) || !standing.add(one)) {
                overtaken.add(one.node());
                past.addLast(place);
            }
        }
        var news = told.stream().filter(one -> !standing.contains(one)).toList();
        var begun = news.stream().filter(one -> one.decision().equals(STARTED)).toList();
        var places = Math.max(0, HealPolicyStatus.MAX_DECISIONS - standing.size() - begun.size());
        var waiting = news.stream()
                .filter(one -> !one.decision().equals(STARTED))
                .limit(places)
                .toList();
        var decisions = new ArrayList<>(before);
        while (!past.isEmpty() && decisions.size() + waiting.size() + begun.size() > HealPolicyStatus.MAX_DECISIONS) {
            decisions.remove(past.removeLast().intValue());
        }
        var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        Stream.concat(waiting.stream(), begun.stream())
                .forEach(one ->
                        decisions.addFirst(new Decision(time, one.node(), one.decision(), one.guard(), one.message())));
        return decisions.stream().limit(HealPolicyStatus.MAX_DECISIONS).toList();
    }

    private static Told told(Decision decision) {
        return new Told(decision.node(), decision.decision(), decision.guard(), decision.message());
    }
}
