package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.CallBudget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls that one credential may make. Callers wait in the order in which they came. In any second at most
 * {@code burst + perSecond} calls pass. A service that asks for patience closes the bucket for everybody: asking it from
 * ten other threads meanwhile would only prolong the ban.
 *
 * <p>Bucket4j, which limits callers of the API, does not fit here: its callers take their token before they wait, and then wait for a
 * time that nothing changes. So who waits would call during a pause that the service has asked for meanwhile, would keep to a
 * budget that was changed meanwhile, and would lose its token when interrupted. With a queue and waiting of our own, which is most
 * of this class, only {@link #refill} would be left for the library to do.
 */
final class TokenBucket {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Far below one token, far above what adding up doubles loses. */
    private static final double ROUNDING = 1e-6;

    private final Pacer pacer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Object> waiting = new ArrayDeque<>();

    private CallBudget budget;
    private double tokens;
    private long refilledAt;
    private long closedUntil;

    TokenBucket(CallBudget budget, Pacer pacer) {
        this.budget = budget;
        this.pacer = pacer;
        this.tokens = budget.burst();
        this.refilledAt = pacer.nanos();
        this.closedUntil = refilledAt;
    }

    /** The bucket would make the caller wait longer than it wants to. */
    static final class Exhausted extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Duration retryAfter;

        private Exhausted(Duration retryAfter) {
            super("no call is free for " + retryAfter, null, false, false);
            this.retryAfter = retryAfter;
        }

        Duration retryAfter() {
            return retryAfter;
        }
    }

    /**
     * Takes one call, waiting for it if need be.
     *
     * @return how long it waited
     * @throws Exhausted at once, when the wait would be longer than {@code maxWait}
     */
    Duration take(Duration maxWait) throws Exhausted, InterruptedException {
        lock.lockInterruptibly();
        var ticket = new Object();
        try {
            waiting.addLast(ticket);
            long start = pacer.nanos();
            while (true) {
                long now = pacer.nanos();
                refill(now);
                long wait = nanosUntilFree(placeOf(ticket), now);
                if (wait <= 0) {
                    tokens -= 1;
                    return Duration.ofNanos(now - start);
                }
                if (now - start + wait > maxWait.toNanos()) {
                    throw new Exhausted(Duration.ofNanos(wait));
                }
                pacer.await(changed, wait);
            }
        } finally {
            waiting.remove(ticket);
            changed.signalAll();
            lock.unlock();
        }
    }

    /** Lets nobody pass for so long; a longer closure that is already in force stays. */
    void closeFor(Duration time) {
        lock.lock();
        try {
            long until = pacer.nanos() + time.toNanos();
            if (until - closedUntil > 0) {
                closedUntil = until;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Changes the budget from now on. */
    void resize(CallBudget newBudget) {
        lock.lock();
        try {
            refill(pacer.nanos());
            budget = newBudget;
            tokens = Math.min(tokens, newBudget.burst());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it remembers nothing that a new one would not: full and open. */
    boolean isFresh() {
        lock.lock();
        try {
            long now = pacer.nanos();
            refill(now);
            return waiting.isEmpty() && closedUntil - now <= 0 && tokens >= budget.burst() - ROUNDING;
        } finally {
            lock.unlock();
        }
    }

    /** The part of the burst that is there now, 0 to 1; 0 while it is closed. */
    double left() {
        lock.lock();
        try {
            long now = pacer.nanos();
            refill(now);
            return closedUntil - now > 0 ? 0 : tokens / budget.burst();
        } finally {
            lock.unlock();
        }
    }

    private void refill(long now) {
        tokens = Math.min(budget.burst(), tokens + (now - refilledAt) * budget.perSecond() / NANOS_PER_SECOND);
        refilledAt = now;
    }

    private int placeOf(Object ticket) {
        int place = 1;
        for (var other : waiting) {
            if (other.equals(ticket)) {
                return place;
            }
            place++;
        }
        throw new IllegalStateException("the ticket is not in the queue");
    }

    /** How long until the caller in this place of the queue (1 is first) can have its token. */
    private long nanosUntilFree(int place, long now) {
        long untilOpen = Math.max(0, closedUntil - now);
        double tokensThen = Math.min(budget.burst(), tokens + untilOpen * budget.perSecond() / NANOS_PER_SECOND);
        double missing = place - tokensThen;
        if (missing <= ROUNDING) {
            return untilOpen;
        }
        return untilOpen + (long) Math.ceil(missing * NANOS_PER_SECOND / budget.perSecond());
    }
}
