package com.xonetwork.tailnet.controlplane.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** Passing time, as a seam: tests let it pass without waiting. */
interface Pacer {

    /** Nanoseconds from an arbitrary origin; only differences mean something. */
    long nanos();

    /** Waits for a signal on the condition, at most so long. The caller holds the condition's lock. */
    void await(Condition condition, long nanos) throws InterruptedException;

    /** Waits so long. */
    void pause(long nanos) throws InterruptedException;

    static Pacer system() {
        return new Pacer() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
            public void await(Condition condition, long nanos) throws InterruptedException {
                condition.awaitNanos(nanos);
            }

            @Override
            @SuppressWarnings("CheckReturnValue") // nobody gives a permit: the wait is the purpose
            public void pause(long nanos) throws InterruptedException {
                new Semaphore(0).tryAcquire(nanos, TimeUnit.NANOSECONDS);
            }
        };
    }
}
