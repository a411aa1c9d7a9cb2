package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where a node stands on the ladder, read from the runs that were made for it, and what comes next. So an operator that was
 * restarted goes on at the same rung.
 */
@Pure
final class Ladder {

    /** On a run: which rung it is, from 1. */
    static final String RUNG = ApiGroup.GROUP + "/rung";

    private static final Set<String> DECIDED_AGAINST = Set.of("ApprovalDenied", "ApprovalExpired");

    private Ladder() {}

    /** What comes next for an unhealthy node. */
    sealed interface Step {
        /** @param rung from 1 */
        record Begin(int rung) implements Step {}

        /** Until then nothing is to be done. */
        record Wait(Instant until) implements Step {}

        /** @param overdue it has taken longer than its rung allows */
        record UnderWay(AutomationRun run, boolean overdue, Instant limit) implements Step {}

        /** A human must see to it. */
        record Stop(String why) implements Step {}
    }

    /**
     * Runs of the node that belong to its present trouble: from one to the next, and to the present failure, it was never
     * healthy for {@code minHealthyPeriod}.
     *
     * @param runs newest first
     */
    static List<AutomationRun> counted(List<AutomationRun> runs, Instant since, HealPolicySpec spec) {
        var period = DurationText.parse(spec.minHealthyPeriod());
        var counted = new ArrayList<AutomationRun>();
        var boundary = since;
        for (var run : runs) {
            if (RunPhase.of(run.getStatus()).isTerminal()
                    && ended(run).plus(period).isBefore(boundary)) {
                break;
            }
            counted.add(run);
            boundary = created(run);
        }
        return List.copyOf(counted);
    }

    /**
     * @param counted as {@link #counted} gives them
     * @param possible rungs, from 1, that can be taken for this node
     */
    static Step next(List<AutomationRun> counted, HealPolicySpec spec, List<Integer> possible, Instant now) {
        if (possible.isEmpty()) {
            return new Step.Stop(
                    "No remedy of the ladder applies to this node. Built-in remedies need spec.join.ssh. Reprovision and Rekey also need mode Enforce");
        }
        if (counted.isEmpty()) {
            return new Step.Begin(possible.getFirst());
        }
        var last = counted.getFirst();
        var rung = rung(last);
        if (!RunPhase.of(last.getStatus()).isTerminal()) {
            var limit = created(last).plus(timeout(spec, rung));
            var waitsForHuman = RunPhase.of(last.getStatus()) == RunPhase.AWAITING_APPROVAL;
            return new Step.UnderWay(last, !waitsForHuman && !now.isBefore(limit), limit);
        }
        if (isDecidedAgainst(last)) {
            return new Step.Stop("AutomationRun " + last.getMetadata().getName() + " was not approved");
        }
        var due = ended(last).plus(DurationText.parse(spec.retryPeriod()));
        if (now.isBefore(due)) {
            return new Step.Wait(due);
        }
        var tries = counted.stream().takeWhile(run -> rung(run) == rung).count();
        if (possible.contains(rung) && tries <= remediation(spec, rung).retryLimit()) {
            return new Step.Begin(rung);
        }
        return possible.stream()
                .filter(higher -> higher > rung)
                .findFirst()
                .<Step>map(Step.Begin::new)
                .orElseGet(() -> again(counted, spec, possible, now));
    }

    private static Step again(List<AutomationRun> counted, HealPolicySpec spec, List<Integer> possible, Instant now) {
        var rounds = 1;
        for (var i = 0; i + 1 < counted.size(); i++) {
            rounds += rung(counted.get(i)) < rung(counted.get(i + 1)) ? 1 : 0;
        }
        if (rounds > spec.maxRetry()) {
            return new Step.Stop("all remedies have failed");
        }
        var due = ended(counted.getFirst()).plus(spec.backoff().after(rounds));
        return now.isBefore(due) ? new Step.Wait(due) : new Step.Begin(possible.getFirst());
    }

    static int rung(AutomationRun run) {
        var annotations = run.getMetadata().getAnnotations();
        var text = annotations == null ? null : annotations.get(RUNG);
        return text == null || !text.matches("[0-9]{1,3}") ? 0 : Integer.parseInt(text);
    }

    private static Remediation remediation(HealPolicySpec spec, int rung) {
        var ladder = spec.escalatingRemediations();
        return ladder.get(Math.clamp(rung - 1, 0, ladder.size() - 1));
    }

    private static Duration timeout(HealPolicySpec spec, int rung) {
        return DurationText.parse(remediation(spec, rung).timeout());
    }

    private static boolean isDecidedAgainst(AutomationRun run) {
        var status = run.getStatus();
        return status != null
                && Conditions.find(status.conditions(), ConditionType.SUCCEEDED)
                        .filter(succeeded -> DECIDED_AGAINST.contains(succeeded.reason()))
                        .isPresent();
    }

    private static Instant created(AutomationRun run) {
        return Instant.parse(run.getMetadata().getCreationTimestamp());
    }

    static Instant ended(AutomationRun run) {
        var status = run.getStatus();
        return status == null || status.finishedAt() == null ? created(run) : Instant.parse(status.finishedAt());
    }
}
