package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.node.DeviceAction.SetName;
import com.xonetwork.tailnet.node.DeviceEffects.Outcome;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteMemoryTest {

    private static final Duration REJECTED_RETRY = Duration.ofMinutes(10);
    private static final String UID = "uid-1";

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final WriteMemory memory = new WriteMemory(clock, REJECTED_RETRY);

    private final DeviceAction action = name("web-1");
    private final Attempt attempt = Attempt.of(action);

    @Test
    void nothingIsRememberedOfANodeThatNeverFailed() {
        assertThat(memory.held(UID, "e1").failures()).isEmpty();
        assertThat(memory.held(UID, "e1").left()).isEmpty();
    }

    @Test
    void aRefusalPausesThatValueAndNothingElse() {
        fail(action, Failing.rejected("no"), "e1");

        assertThat(memory.held(UID, "e1").failures()).containsOnlyKeys(attempt);
        assertThat(memory.held("uid-2", "e1").failures()).isEmpty();
        assertThat(memory.held(UID, "e1").left()).contains(REJECTED_RETRY);

        clock.advance(REJECTED_RETRY.minusSeconds(1));
        assertThat(memory.held(UID, "e1").failures()).containsOnlyKeys(attempt);
        clock.advance(Duration.ofSeconds(1));
        assertThat(memory.held(UID, "e1").failures()).isEmpty();
        assertThat(memory.held(UID, "e1").left()).isEmpty();
    }

    @Test
    void anotherPolicyFreesARefusal() {
        fail(action, Failing.rejected("no"), "e1");

        assertThat(memory.held(UID, "e2").failures()).isEmpty();
        assertThat(memory.held(UID, null).failures()).isEmpty();
    }

    @Test
    void aRefusalUnderNoPolicyHoldsUntilThereIsOne() {
        fail(action, Failing.rejected("no"), null);

        assertThat(memory.held(UID, null).failures()).containsOnlyKeys(attempt);
        assertThat(memory.held(UID, "e1").failures()).isEmpty();
    }

    @Test
    void anotherPolicyDoesNotMendAnOutage() {
        fail(action, Failing.unavailable(), "e1");
        assertThat(memory.held(UID, "e2").failures()).containsOnlyKeys(attempt);
    }

    @Test
    void aRateLimitIsHonouredToTheSecond() {
        fail(action, Failing.rateLimited(Duration.ofSeconds(42)), "e1");

        assertThat(memory.held(UID, "e1").left()).contains(Duration.ofSeconds(42));
        clock.advance(Duration.ofSeconds(41));
        assertThat(memory.held(UID, "e1").failures()).isNotEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(memory.held(UID, "e1").failures()).isEmpty();
    }

    @Test
    void anOutageIsTriedAgainSoonThenLessAndLessOften() {
        var pauses = new Duration[12];
        for (var i = 0; i < pauses.length; i++) {
            fail(action, Failing.unavailable(), "e1");
            pauses[i] = memory.held(UID, "e1").left().orElseThrow();
            clock.advance(pauses[i]);
            assertThat(memory.held(UID, "e1").failures()).isEmpty();
        }

        assertThat(pauses[0]).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(pauses[3]).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(16));
        assertThat(pauses[11]).isBetween(Duration.ofSeconds(150), Duration.ofMinutes(5));
    }

    @Test
    void successForgets() {
        fail(action, Failing.unavailable(), "e1");
        memory.remember(UID, "e1", new Outcome(List.of(action), Map.of(), TailnetView.NOTHING));

        assertThat(memory.held(UID, "e1").failures()).isEmpty();
        assertThat(memory.held(UID, "e1").left()).isEmpty();

        fail(action, Failing.unavailable(), "e1");
        assertThat(memory.held(UID, "e1").left().orElseThrow())
                .as("the count begins anew")
                .isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void anotherValueIsAnotherAttempt() {
        fail(action, Failing.rejected("no"), "e1");
        memory.remember(UID, "e1", new Outcome(List.of(name("web-2")), Map.of(), TailnetView.NOTHING));

        assertThat(memory.held(UID, "e1").failures()).containsOnlyKeys(attempt);
    }

    @Test
    void anOverdueAttemptDoesNotHideOneToCome() {
        fail(name("nobody-wants-this-any-more"), Failing.rateLimited(Duration.ofSeconds(10)), "e1");
        clock.advance(Duration.ofSeconds(30));
        fail(action, Failing.rateLimited(Duration.ofSeconds(42)), "e1");

        assertThat(memory.held(UID, "e1").left()).contains(Duration.ofSeconds(42));
    }

    @Test
    void theSoonestOfSeveralIsNext() {
        fail(action, Failing.rejected("no"), "e1");
        fail(name("web-2"), Failing.rateLimited(Duration.ofSeconds(7)), "e1");

        assertThat(memory.held(UID, "e1").left()).contains(Duration.ofSeconds(7));
    }

    @Test
    void aNodeThatIsGoneIsForgotten() {
        fail(action, Failing.rejected("no"), "e1");
        memory.forget(UID);

        assertThat(memory.held(UID, "e1").failures()).isEmpty();
        assertThat(memory.held(UID, "e1").left()).isEmpty();
    }

    private void fail(DeviceAction what, ControlPlaneException why, String policyEtag) {
        memory.remember(UID, policyEtag, new Outcome(List.of(), Map.of(Attempt.of(what), why), TailnetView.NOTHING));
    }

    private static DeviceAction name(String wanted) {
        return new SetName("1", wanted, "old");
    }
}
