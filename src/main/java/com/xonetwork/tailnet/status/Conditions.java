package com.xonetwork.tailnet.status;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns facts into conditions, and facts into their summary. */
public final class Conditions {

    public static final String READY = "Ready";
    public static final String RECONCILING = "Reconciling";
    public static final String STALLED = "Stalled";
    /** Only on Tailnets. */
    public static final String POLICY_IN_SYNC = "PolicyInSync";
    /** Only on HealPolicies. */
    public static final String STORM_ACTIVE = "StormActive";

    private static final Set<String> ABNORMAL_WHEN_TRUE = Set.of(RECONCILING, STALLED, STORM_ACTIVE);

    private static final int MAX_MESSAGE = 1024;

    private Conditions() {}

    /**
     * Puts {@code Ready}, {@code Reconciling} and {@code Stalled} (kstatus) before the facts. Ready fails with the first
     * fact that is not fine; so order facts by what a user should look at first.
     *
     * @param readyMessage what Ready says when everything is fine
     */
    public static List<Fact> summarize(List<Fact> facts, String readyMessage) {
        var wrong = facts.stream()
                .filter(fact -> fact.reason().outcome() != Reason.Outcome.FINE)
                .toList();
        var all = new ArrayList<Fact>();
        all.add(wrong.stream()
                .findFirst()
                .map(first -> new Fact(
                        READY,
                        Condition.UNKNOWN.equals(first.status()) ? Condition.UNKNOWN : Condition.FALSE,
                        first.reason(),
                        first.message()))
                .orElseGet(() -> Fact.yes(READY, Reason.READY, readyMessage)));
        all.add(abnormal(RECONCILING, Reason.Outcome.PROGRESSING, wrong, "nothing is under way"));
        all.add(abnormal(STALLED, Reason.Outcome.STALLED, wrong, "nothing waits for a human"));
        all.addAll(facts);
        return all;
    }

    private static Fact abnormal(String type, Reason.Outcome outcome, List<Fact> wrong, String otherwise) {
        return wrong.stream()
                .filter(fact -> fact.reason().outcome() == outcome)
                .findFirst()
                .map(fact -> Fact.yes(type, fact.reason(), fact.message()))
                .orElseGet(() -> Fact.no(type, Reason.DONE, otherwise));
    }

    /**
     * The condition list to write: in the order of the facts, with the old transition time where the status did not
     * change.
     */
    public static List<Condition> merge(List<Condition> previous, List<Fact> facts, long generation, Instant now) {
        var conditions = new ArrayList<Condition>(facts.size());
        for (var fact : facts) {
            var since = find(previous, fact.type())
                    .filter(old -> old.status().equals(fact.status()))
                    .map(Condition::lastTransitionTime)
                    .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
            conditions.add(new Condition(
                    fact.type(), fact.status(), fact.reason().toString(), cut(fact.message()), generation, since));
        }
        return List.copyOf(conditions);
    }

    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** Whether a condition says what one wishes for: for most types {@code True}, for some {@code False}. */
    public static boolean isGood(Condition condition) {
        return Condition.TRUE.equals(condition.status()) != ABNORMAL_WHEN_TRUE.contains(condition.type());
    }

    public static boolean isTrue(List<Condition> conditions, String type) {
        return find(conditions, type)
                .filter(condition -> Condition.TRUE.equals(condition.status()))
                .isPresent();
    }

    private static String cut(String message) {
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
    }
}
