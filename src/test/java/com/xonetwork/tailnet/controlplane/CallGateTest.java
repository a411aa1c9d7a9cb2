package com.xonetwork.tailnet.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallGateTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final CallShares shares = CallShares.defaults();

    /** As seen: 150 nodes of tenant b want something of a control plane that hangs, and tenant a's wait behind them. */
    @Test
    void aControlPlaneThatHangsLeavesThreadsForTheOthers() throws Exception {
        var hung = new CountDownLatch(1);
        var asked = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(50)) {
            for (var tailnet = 0; tailnet < 6; tailnet++) {
                var gate = new CallGate("b", shares, clock);
                IntStream.range(0, 150).forEach(node -> threads.submit(() -> gate.call(() -> hangs(hung, asked))));
            }
            var quiet = new CallGate("a", shares, clock);

            assertThat(threads.submit(() -> quiet.call(() -> "answered")).get(5, TimeUnit.SECONDS))
                    .isEqualTo("answered");
            assertThat(asked.get()).isLessThanOrEqualTo(10);
            hung.countDown();
        }
    }

    private static boolean hangs(CountDownLatch end, AtomicInteger asked) {
        asked.incrementAndGet();
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    @Test
    void afterSomeCallsWithoutAnAnswerNoneIsMadeUntilAPauseIsOver() {
        var gate = new CallGate("b", shares, clock);
        unanswered(gate, CallGate.UNANSWERED);
        var calls = new AtomicInteger();

        assertThatThrownBy(() -> gate.call(calls::incrementAndGet))
                .isInstanceOf(ControlPlaneException.RateLimited.class)
                .hasMessageContaining("did not answer");
        assertThat(calls).hasValue(0);

        clock.advance(Duration.ofSeconds(11));
        assertThat(gate.call(calls::incrementAndGet)).isEqualTo(1);
        assertThat(gate.call(calls::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void anAnswerToThePollerLetsTheNextCallTry() {
        var gate = new CallGate("b", shares, clock);
        unanswered(gate, CallGate.UNANSWERED);

        gate.answered();

        assertThat(gate.call(() -> "yes")).isEqualTo("yes");
        assertThat(gate.call(() -> "yes")).isEqualTo("yes");
    }

    @Test
    void aCallThatWasNotMadeIsNoAnswer() {
        var gate = new CallGate("b", shares, clock);
        unanswered(gate, CallGate.UNANSWERED - 1);
        assertThatThrownBy(() -> gate.call(() -> {
                    throw new ControlPlaneException.RateLimited(0, "the call budget is spent", Duration.ofSeconds(1));
                }))
                .hasMessageContaining("budget");
        unanswered(gate, 1);

        assertThatThrownBy(() -> gate.call(() -> "never")).hasMessageContaining("did not answer");
    }

    @Test
    void anAnswerThatSaysNoIsAnAnswer() {
        var gate = new CallGate("b", shares, clock);
        IntStream.range(0, 10)
                .forEach(call -> assertThatThrownBy(() -> gate.call(() -> {
                            throw Failing.rejected("no");
                        }))
                        .isInstanceOf(ControlPlaneException.Rejected.class));

        assertThat(gate.call(() -> "yes")).isEqualTo("yes");
    }

    @Test
    void thoseThatAreSentAwayComeBackOneAfterTheOther() {
        var gate = new CallGate("b", shares, clock);
        unanswered(gate, CallGate.UNANSWERED);
        var turns = new HashSet<Duration>();
        IntStream.range(0, 100)
                .forEach(call -> turns.add(
                        catchThrowableOfType(ControlPlaneException.RateLimited.class, () -> gate.call(() -> "never"))
                                .retryAfter()));

        assertThat(turns).hasSize(100).allMatch(Duration::isPositive);
    }

    private static void unanswered(CallGate gate, int times) {
        IntStream.range(0, times)
                .forEach(call -> assertThatThrownBy(() -> gate.call(() -> {
                            throw new ControlPlaneException.Unavailable(0, "no answer", null);
                        }))
                        .isInstanceOf(ControlPlaneException.Unavailable.class));
    }
}
