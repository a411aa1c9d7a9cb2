package com.xonetwork.tailnet.exitnode;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.exitnode.Election.Candidate;
import com.xonetwork.tailnet.exitnode.Election.Health;
import com.xonetwork.tailnet.exitnode.Election.Outcome;
import com.xonetwork.tailnet.exitnode.Election.Rules;
import com.xonetwork.tailnet.exitnode.Election.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElectionTest {

    private static final Rules CLOSED = new Rules(Duration.ofSeconds(60), Duration.ofMinutes(5), false);
    private static final Rules CLEARED = new Rules(Duration.ofSeconds(60), Duration.ofMinutes(5), true);

    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private State state = State.NONE;
    private Outcome outcome;
    private Rules rules = CLOSED;

    @Test
    void theMostPreferredHealthyOneIsChosen() {
        assertThat(hold("a-", "b+", "c+")).isEqualTo("b");
    }

    @Test
    void nothingHealthyYetMeansNoChoice() {
        assertThat(hold("a-", "b-")).isNull();
    }

    @Test
    void aDeadChoiceIsLeftAtOnceWhenItHasStoodItsTime() {
        hold("a+", "b+");
        pass(60);
        assertThat(hold("a-", "b+")).isEqualTo("b");
    }

    @Test
    void aDeadChoiceThatIsYoungWaitsForItsDwellTimeAndNoLonger() {
        hold("a+", "b+");
        pass(10);

        assertThat(hold("a-", "b+")).isEqualTo("a");
        assertThat(outcome.waitsFor()).isEqualTo("b");
        assertThat(outcome.lookAgain()).contains(now.plusSeconds(50));

        pass(50);
        assertThat(hold("a-", "b+")).isEqualTo("b");
    }

    @Test
    void thePreferredOneIsChosenAgainOnlyAfterTheFailbackDelay() {
        hold("a+", "b+");
        pass(60);
        hold("a-", "b+");
        pass(120);

        assertThat(hold("a+", "b+")).isEqualTo("b");
        assertThat(outcome.lookAgain()).contains(now.plusSeconds(300));
        pass(299);
        assertThat(hold("a+", "b+")).isEqualTo("b");
        pass(1);
        assertThat(hold("a+", "b+")).isEqualTo("a");
    }

    @Test
    void abreakInItsHealthStartsTheFailbackDelayAnew() {
        hold("a+", "b+");
        pass(60);
        hold("a-", "b+");
        pass(10);
        hold("a+", "b+");
        pass(299);
        hold("a-", "b+");
        pass(1);
        hold("a+", "b+");
        pass(299);
        assertThat(hold("a+", "b+")).isEqualTo("b");
        pass(1);
        assertThat(hold("a+", "b+")).isEqualTo("a");
    }

    @Test
    void withNothingHealthyTheChoiceStaysClosedByDefault() {
        hold("a+", "b+");
        pass(3600);
        assertThat(hold("a-", "b-")).isEqualTo("a");
    }

    @Test
    void withNothingHealthyTheChoiceIsClearedWhereThatIsWanted() {
        rules = CLEARED;
        hold("a+", "b+");
        pass(60);
        assertThat(hold("a-", "b-")).isNull();
        pass(60);
        assertThat(hold("a-", "b+")).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theUnknownChangesNothing(boolean clear) {
        rules = clear ? CLEARED : CLOSED;
        hold("a+", "b+");
        pass(3600);
        assertThat(hold("a?", "b?")).isEqualTo("a");
        assertThat(hold("a-", "b?")).isEqualTo("a");
    }

    @Test
    void theUnknownBreaksTheProofOfHealth() {
        hold("a+", "b+");
        pass(60);
        hold("a-", "b+");
        hold("a+", "b+");
        pass(200);
        hold("a?", "b?");
        pass(200);
        assertThat(hold("a+", "b+")).isEqualTo("b");
    }

    @Test
    void whatTheUserTookOutIsNotUsedAMomentLonger() {
        hold("a+", "b+");
        pass(1);
        assertThat(hold("b+", "c+")).isEqualTo("b");
    }

    @Test
    void ifNothingElseIsHealthyThenTheTrafficIsCutRatherThanSentThroughIt() {
        hold("a+", "b-");
        assertThat(hold("b-")).isEqualTo("b");
    }

    @Test
    void anewPreferenceOfTheUserIsAFailback() {
        hold("a+", "b+");
        pass(400);
        assertThat(hold("b+", "a+")).isEqualTo("b");
    }

    @Test
    void flappingTenTimesInAMinuteSwitchesAtMostTwice() {
        var choices = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            choices.add(hold("a+", "b+"));
            pass(3);
            choices.add(hold("a-", "b+"));
            pass(3);
        }
        assertThat(switches(choices)).isLessThanOrEqualTo(2);
    }

    /** Whatever the candidates do, two changes are never closer together than the dwell time. */
    @Property
    void noTwoChangesAreCloserThanTheDwellTime(
            @ForAll @Size(max = 80) List<@IntRange(max = 26) Integer> healths, @ForAll boolean clear) {
        rules = clear ? CLEARED : CLOSED;
        var changes = new ArrayList<Instant>();
        var before = state.active();
        for (int health : healths) {
            pass(7);
            hold("a" + word(health), "b" + word(health / 3), "c" + word(health / 9));
            if (!Objects.equals(before, state.active())) {
                changes.add(now);
            }
            before = state.active();
        }
        assertThat(IntStream.range(1, changes.size())
                        .mapToObj(i -> Duration.between(changes.get(i - 1), changes.get(i))))
                .allSatisfy(apart -> assertThat(apart).isGreaterThanOrEqualTo(CLOSED.dwell()));
    }

    private static String word(int health) {
        return List.of("+", "-", "?").get(health % 3);
    }

    private static long switches(List<String> choices) {
        return IntStream.range(1, choices.size())
                .filter(i -> !choices.get(i).equals(choices.get(i - 1)))
                .count();
    }

    private void pass(long seconds) {
        now = now.plusSeconds(seconds);
    }

    /** @param candidates a name, and + for healthy, - for not, ? for unknown */
    private String hold(String... candidates) {
        outcome = Election.hold(
                state,
                List.of(candidates).stream()
                        .map(text -> new Candidate(
                                text.substring(0, text.length() - 1),
                                switch (text.charAt(text.length() - 1)) {
                                    case '+' -> Health.HEALTHY;
                                    case '-' -> Health.UNHEALTHY;
                                    default -> Health.UNKNOWN;
                                }))
                        .toList(),
                rules,
                now);
        state = outcome.state();
        return state.active();
    }
}
