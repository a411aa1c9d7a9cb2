package com.xonetwork.tailnet.controlplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.xonetwork.tailnet.controlplane.CallBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final FakePacer pacer = new FakePacer();

    @Test
    void burstIsFreeAndThenTheRateHolds() throws Exception {
        var bucket = new TokenBucket(new CallBudget(5, 10), pacer);

        for (int call = 0; call < 10; call++) {
            assertThat(bucket.take(LONG)).isZero();
        }
        assertThat(bucket.take(LONG)).isBetween(Duration.ofMillis(199), Duration.ofMillis(201));
    }

    @Test
    void whatIsLeftIsAPartOfTheBurstAndNothingWhileItIsClosed() throws Exception {
        var budgets = new CallBudgets(pacer);
        assertThat(budgets.left()).isEqualTo(1);
        var busy = budgets.lease("busy", new CallBudget(5, 10)).bucket();
        budgets.lease("idle", new CallBudget(5, 10));
        for (int call = 0; call < 4; call++) {
            busy.take(LONG);
        }
        assertThat(budgets.left()).isCloseTo(0.6, within(0.001));
        busy.closeFor(Duration.ofSeconds(1));
        assertThat(budgets.left()).isZero();
        pacer.pass(Duration.ofSeconds(1));
        assertThat(budgets.left()).isEqualTo(1);
    }

    @Test
    void noWindowOfOneSecondEverExceedsTheBudget() throws Exception {
        var bucket = new TokenBucket(new CallBudget(5, 10), pacer);
        var passed = new ArrayList<Long>();
        for (int call = 0; call < 300; call++) {
            if (call % 37 == 0) {
                pacer.pass(Duration.ofMillis(1700L * (call % 5)));
            }
            bucket.take(LONG);
            passed.add(pacer.nanos());
        }

        for (long start : passed) {
            long inWindow = passed.stream()
                    .filter(time -> time - start >= 0 && time - start < TimeUnit.SECONDS.toNanos(1))
                    .count();
            assertThat(inWindow).isLessThanOrEqualTo(15);
        }
    }

    @Test
    void waitThatWouldBeTooLongIsRefusedAtOnceAndTakesNothing() throws Exception {
        var bucket = new TokenBucket(new CallBudget(0.1, 1), pacer);
        bucket.take(Duration.ZERO);
        long before = pacer.nanos();

        for (int call = 0; call < 3; call++) {
            assertThatThrownBy(() -> bucket.take(Duration.ofSeconds(5)))
                    .isInstanceOfSatisfying(
                            TokenBucket.Exhausted.class,
                            refusal -> assertThat(refusal.retryAfter())
                                    .isBetween(Duration.ofMillis(9_999), Duration.ofMillis(10_001)));
        }
        assertThat(pacer.nanos()).isEqualTo(before);
        pacer.pass(Duration.ofSeconds(10));
        assertThat(bucket.take(Duration.ZERO)).isZero();
    }

    @Test
    void closedBucketLetsNobodyPassAndShorterClosuresDoNotShortenIt() throws Exception {
        var bucket = new TokenBucket(new CallBudget(5, 10), pacer);
        bucket.closeFor(Duration.ofSeconds(3));
        bucket.closeFor(Duration.ofSeconds(1));

        assertThatThrownBy(() -> bucket.take(Duration.ofSeconds(2))).isInstanceOf(TokenBucket.Exhausted.class);
        assertThat(bucket.take(LONG)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void whoWaitsAlreadyWaitsForTheEndOfALaterClosure() throws Exception {
        var bucket = new TokenBucket(new CallBudget(1, 1), pacer);
        bucket.take(Duration.ZERO);
        pacer.atNextWait(() -> bucket.closeFor(Duration.ofSeconds(30)));

        assertThat(bucket.take(LONG)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whoWaitsAlreadyHasTheBudgetThatItIsChangedTo() throws Exception {
        var bucket = new TokenBucket(new CallBudget(0.1, 1), pacer);
        bucket.take(Duration.ZERO);
        pacer.atNextWait(() -> bucket.resize(new CallBudget(10, 1)));

        assertThat(bucket.take(LONG)).isBetween(Duration.ofMillis(99), Duration.ofMillis(101));
    }

    @Test
    void strictestBudgetOfASharedCredentialHoldsAndReconnectingRefillsNothing() throws Exception {
        var budgets = new CallBudgets(pacer);
        var wide = budgets.lease("host credential", new CallBudget(100, 100));
        var narrow = budgets.lease("host credential", new CallBudget(1, 2));
        var other = budgets.lease("host other", new CallBudget(1, 1));

        assertThat(wide.bucket()).isSameAs(narrow.bucket()).isNotSameAs(other.bucket());
        wide.bucket().take(Duration.ZERO);
        wide.bucket().take(Duration.ZERO);
        assertThatThrownBy(() -> wide.bucket().take(Duration.ZERO)).isInstanceOf(TokenBucket.Exhausted.class);

        wide.close();
        narrow.close();
        narrow.close();
        var again = budgets.lease("host credential", new CallBudget(1, 2));
        assertThat(again.bucket()).isSameAs(narrow.bucket());
        again.close();
        pacer.pass(Duration.ofMinutes(1));
        assertThat(budgets.lease("host credential", new CallBudget(1, 2)).bucket())
                .isNotSameAs(narrow.bucket());
    }

    @Test
    void callersPassInTheOrderInWhichTheyCame() throws Exception {
        var bucket = new TokenBucket(new CallBudget(50, 1), Pacer.system());
        bucket.take(Duration.ZERO);
        var order = new CopyOnWriteArrayList<Integer>();
        var threads = new ArrayList<Thread>();
        for (int caller = 0; caller < 8; caller++) {
            int number = caller;
            var thread = Thread.ofPlatform().start(() -> {
                try {
                    bucket.take(LONG);
                    order.add(number);
                } catch (TokenBucket.Exhausted | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
                Thread.onSpinWait();
            }
            threads.add(thread);
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void manyThreadsKeepTheBudgetInRealTime() throws Exception {
        var bucket = new TokenBucket(new CallBudget(40, 5), Pacer.system());
        List<Long> passed = new CopyOnWriteArrayList<>();
        var begun = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 30; caller++) {
                threads.submit(() -> {
                    bucket.take(LONG);
                    return passed.add(System.nanoTime());
                });
            }
        }

        assertThat(passed).hasSize(30);
        // 25 of them had to wait for a token each, at 40 a second.
        assertThat(passed.getLast() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(600));
    }

    @Test
    void interruptedCallerLeavesTheQueue() throws Exception {
        var bucket = new TokenBucket(new CallBudget(2, 1), Pacer.system());
        bucket.take(Duration.ZERO);
        var seen = new AtomicReference<Throwable>();
        var started = new CountDownLatch(1);
        var thread = Thread.ofPlatform().start(() -> {
            started.countDown();
            try {
                bucket.take(LONG);
            } catch (TokenBucket.Exhausted | InterruptedException e) {
                seen.set(e);
            }
        });
        started.await();
        thread.interrupt();
        thread.join();

        assertThat(seen.get()).isInstanceOf(InterruptedException.class);
        assertThat(bucket.take(LONG)).isLessThan(Duration.ofMillis(600));
    }
}
