package com.xonetwork.tailnet.status;

import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConditionsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.987Z");
    private static final String NOW_TEXT = "2026-11-24T10:00:00Z";

    @Nested
    class Summary {

        @Test
        void everythingFine() {
            assertThat(summary(
                            yes(ConditionType.JOINED, Reason.JOINED, "a"),
                            yes(ConditionType.NAME_IN_SYNC, Reason.NOT_MANAGED, "b")))
                    .containsExactly(
                            yes(ConditionType.READY, Reason.READY, "all well"),
                            no(ConditionType.RECONCILING, Reason.DONE, "nothing is in progress"),
                            no(ConditionType.STALLED, Reason.DONE, "nothing is stalled"),
                            yes(ConditionType.JOINED, Reason.JOINED, "a"),
                            yes(ConditionType.NAME_IN_SYNC, Reason.NOT_MANAGED, "b"));
        }

        @Test
        void nothingSaidIsFine() {
            assertThat(summary()).extracting(Fact::status).containsExactly("True", "False", "False");
        }

        @Test
        void readyTakesTheFirstWrongFact() {
            var summary = summary(
                    yes(ConditionType.JOINED, Reason.JOINED, "a"),
                    no(ConditionType.NAME_IN_SYNC, Reason.OFFLINE, "offline"),
                    unknown(ConditionType.TAGS_IN_SYNC, Reason.SNAPSHOT_STALE, "stale"));

            assertThat(summary.getFirst()).isEqualTo(no(ConditionType.READY, Reason.OFFLINE, "offline"));
        }

        @Test
        void unknownStaysUnknown() {
            var summary = summary(
                    unknown(ConditionType.JOINED, Reason.SNAPSHOT_STALE, "stale"),
                    no(ConditionType.NAME_IN_SYNC, Reason.TAG_NOT_OWNED, "not owned"));

            assertThat(summary.getFirst()).isEqualTo(unknown(ConditionType.READY, Reason.SNAPSHOT_STALE, "stale"));
        }

        @Test
        void aTrueFactThatIsNotFineIsNotReady() {
            assertThat(summary(yes(ConditionType.JOINED, Reason.PENDING, "coming"))
                            .getFirst())
                    .isEqualTo(no(ConditionType.READY, Reason.PENDING, "coming"));
        }

        @Test
        void whatIsUnderWayAndWhatWaitsForAHumanAreToldApart() {
            var summary = summary(
                    no(ConditionType.JOINED, Reason.OFFLINE, "offline"),
                    no(ConditionType.NAME_IN_SYNC, Reason.TAG_NOT_OWNED, "not owned"),
                    no(ConditionType.TAGS_IN_SYNC, Reason.PROGRESSING, "setting"),
                    no(ConditionType.APPROVED, Reason.REJECTED, "refused"),
                    no(ConditionType.ROUTES_APPROVED, Reason.RATE_LIMITED, "later"));

            assertThat(summary.subList(1, 3))
                    .containsExactly(
                            yes(ConditionType.RECONCILING, Reason.PROGRESSING, "setting"),
                            yes(ConditionType.STALLED, Reason.TAG_NOT_OWNED, "not owned"));
        }

        @Test
        void whatNobodyCanHelpIsNeither() {
            assertThat(summary(no(ConditionType.JOINED, Reason.OFFLINE, "offline")))
                    .extracting(Fact::status)
                    .containsExactly("False", "False", "False", "False");
        }

        @ParameterizedTest
        @EnumSource(Reason.class)
        void everyReasonMeansTheSameOnItsOwn(Reason reason) {
            var summary = summary(no(ConditionType.JOINED, reason, "a"));

            assertThat(summary.get(0).isTrue()).isEqualTo(reason.outcome() == Reason.Outcome.FINE);
            assertThat(summary.get(1).isTrue()).isEqualTo(reason.outcome() == Reason.Outcome.PROGRESSING);
            assertThat(summary.get(2).isTrue()).isEqualTo(reason.outcome() == Reason.Outcome.STALLED);
        }

        private static List<Fact> summary(Fact... facts) {
            return Conditions.summarize(List.of(facts), "all well");
        }
    }

    @Nested
    class Merge {

        private final Condition old = new Condition("Joined", "True", "Joined", "before", 1L, "2020-01-01T00:00:00Z");

        @Test
        void aNewConditionBeginsNow() {
            assertThat(Conditions.merge(List.of(), List.of(yes(ConditionType.JOINED, Reason.JOINED, "a")), 3, NOW))
                    .containsExactly(new Condition("Joined", "True", "Joined", "a", 3L, NOW_TEXT));
        }

        @Test
        void theTimeIsKeptWhileTheStatusIsTheSame() {
            assertThat(Conditions.merge(
                            List.of(old), List.of(yes(ConditionType.JOINED, Reason.IN_SYNC, "after")), 2, NOW))
                    .containsExactly(new Condition("Joined", "True", "InSync", "after", 2L, "2020-01-01T00:00:00Z"));
        }

        @Test
        void theTimeMovesWithTheStatus() {
            assertThat(Conditions.merge(
                            List.of(old), List.of(unknown(ConditionType.JOINED, Reason.SNAPSHOT_STALE, "a")), 1, NOW))
                    .extracting(Condition::lastTransitionTime)
                    .containsExactly(NOW_TEXT);
        }

        @Test
        void whatIsNotSaidAnyMoreGoesAndTheOrderIsThatOfTheFacts() {
            var facts = List.of(
                    yes(ConditionType.TAGS_IN_SYNC, Reason.JOINED, "c"),
                    yes(ConditionType.NAME_IN_SYNC, Reason.JOINED, "b"));

            assertThat(Conditions.merge(List.of(old), facts, 1, NOW))
                    .extracting(Condition::type)
                    .containsExactly("TagsInSync", "NameInSync");
        }

        @Test
        void theSameAgainIsEqualSoThatNothingIsWritten() {
            var facts = Conditions.summarize(List.of(no(ConditionType.JOINED, Reason.OFFLINE, "a")), "fine");
            var first = Conditions.merge(List.of(), facts, 1, NOW);

            assertThat(Conditions.merge(first, facts, 1, NOW.plusSeconds(3600))).isEqualTo(first);
        }

        @Test
        void aLongMessageIsCut() {
            var message = merged("x".repeat(1025));

            assertThat(message).hasSize(1024).endsWith("x…");
            assertThat(merged("x".repeat(1024))).isEqualTo("x".repeat(1024));
        }

        private static String merged(String message) {
            return Conditions.merge(List.of(), List.of(yes(ConditionType.JOINED, Reason.JOINED, message)), 1, NOW)
                    .getFirst()
                    .message();
        }
    }
}
