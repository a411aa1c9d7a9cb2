package com.xonetwork.tailnet.status;

import static com.xonetwork.tailnet.status.ConditionType.READY;
import static com.xonetwork.tailnet.status.ConditionType.RECONCILING;
import static com.xonetwork.tailnet.status.ConditionType.STALLED;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.pure.Pure;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns facts into conditions, and facts into their summary. */
@Pure
public final class Conditions {

    public static final int MAX_MESSAGE = 1024;

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
        all.add(abnormal(RECONCILING, Reason.Outcome.PROGRESSING, wrong, "nothing is in progress"));
        all.add(abnormal(STALLED, Reason.Outcome.STALLED, wrong, "nothing is stalled"));
        all.addAll(facts);
        return all;
    }

    private static Fact abnormal(ConditionType type, Reason.Outcome outcome, List<Fact> wrong, String otherwise) {
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
                    .filter(Conditions::isTime)
                    .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
            conditions.add(new Condition(
                    fact.type().toString(),
                    fact.status(),
                    fact.reason().toString(),
                    Abridged.text(fact.message(), MAX_MESSAGE),
                    generation,
                    since));
        }
        return List.copyOf(conditions);
    }

    /** Whoever may write a status can write anything there, and others read it as a time. */
    private static boolean isTime(String text) {
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** The same conditions with another observedGeneration. */
    public static List<Condition> observed(List<Condition> conditions, long generation) {
        return conditions.stream()
                .map(condition -> new Condition(
                        condition.type(),
                        condition.status(),
                        condition.reason(),
                        condition.message(),
                        generation,
                        condition.lastTransitionTime()))
                .toList();
    }

    public static Optional<Condition> find(List<Condition> conditions, ConditionType type) {
        return named(conditions, type.toString());
    }

    /** @param word a type as a user wrote it, who may know one of a later version */
    public static Optional<Condition> named(List<Condition> conditions, String word) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(word))
                .findFirst();
    }

    /** Whether a condition says what a user wishes for. */
    public static boolean isGood(Condition condition) {
        return ConditionType.of(condition.type())
                .map(ConditionType::goodStatus)
                .orElse(Condition.TRUE)
                .equals(condition.status());
    }

    public static boolean isTrue(List<Condition> conditions, ConditionType type) {
        return find(conditions, type)
                .filter(condition -> Condition.TRUE.equals(condition.status()))
                .isPresent();
    }
}
