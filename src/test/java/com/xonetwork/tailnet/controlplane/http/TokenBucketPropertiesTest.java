package com.xonetwork.tailnet.controlplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.CallBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The budget in virtual time, under any order of calls, pauses, closures and changes of the budget. */
class TokenBucketPropertiesTest {

    private enum Kind {
        TAKE,
        PASS,
        CLOSE,
        RELEASE
    }

    private record Step(Kind kind, int millis) {}

    @Property
    void noSecondHasMoreCallsThanBurstAndRate(
            @ForAll("rates") double perSecond, @ForAll("bursts") int burst, @ForAll("steps") List<Step> steps)
            throws InterruptedException {
        var pacer = new FakePacer();
        var budgets = new CallBudgets(pacer);
        var budget = new CallBudget(perSecond, burst);
        var lease = budgets.lease("one", budget);
        var passed = new ArrayList<Long>();
        long closedUntil = pacer.nanos();
        for (var step : steps) {
            switch (step.kind()) {
                case PASS -> pacer.pass(Duration.ofMillis(step.millis()));
                case CLOSE -> {
                    lease.bucket().closeFor(Duration.ofMillis(step.millis()));
                    long until = pacer.nanos() + TimeUnit.MILLISECONDS.toNanos(step.millis());
                    closedUntil = until - closedUntil > 0 ? until : closedUntil;
                }
                case RELEASE -> {
                    // Reconnecting must neither refill the bucket nor open it.
                    lease.close();
                    lease = budgets.lease("one", budget);
                }
                case TAKE -> {
                    if (took(lease.bucket(), Duration.ofMillis(step.millis()))) {
                        passed.add(pacer.nanos());
                        assertThat(pacer.nanos() - closedUntil)
                                .as("a call while the bucket is closed")
                                .isNotNegative();
                    }
                }
            }
        }

        long most = (long) Math.ceil(burst + perSecond);
        for (long start : passed) {
            assertThat(passed.stream()
                            .filter(time -> time - start >= 0 && time - start < TimeUnit.SECONDS.toNanos(1))
                            .count())
                    .isLessThanOrEqualTo(most);
        }
    }

    private static boolean took(TokenBucket bucket, Duration patience) throws InterruptedException {
        try {
            bucket.take(patience);
            return true;
        } catch (TokenBucket.Exhausted e) {
            assertThat(e.retryAfter()).isGreaterThan(Duration.ZERO);
            return false;
        }
    }

    @Provide
    Arbitrary<Double> rates() {
        return Arbitraries.of(0.1, 0.5, 1.0, 3.0, 5.0, 33.3, 100.0);
    }

    @Provide
    Arbitrary<Integer> bursts() {
        return Arbitraries.integers().between(1, 30);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        var kinds = Arbitraries.frequency(
                Tuple.of(12, Kind.TAKE), Tuple.of(3, Kind.PASS), Tuple.of(1, Kind.CLOSE), Tuple.of(1, Kind.RELEASE));
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 2500))
                .as(Step::new)
                .list()
                .ofMinSize(20)
                .ofMaxSize(150);
    }
}
