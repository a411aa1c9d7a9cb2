package com.xonetwork.tailnet.controlplane;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What the reconcilers' threads pass on their way to one tailnet's control plane. All controllers share some dozens of threads: a
 * control plane that hangs must not hold them all, or the Tailnets of everybody else stand still.
 *
 * <ul>
 *   <li>Only a few calls to one control plane, and to those of one namespace, are under way at once. Further callers are told at once
 *       when to come back, each at another moment.
 *   <li>After some calls in a row without an answer none is made for a while, which grows as long as none is answered.
 * </ul>
 */
public final class CallGate {

    /** Calls without an answer, in a row, until it closes. */
    static final int UNANSWERED = 3;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    /** Between two callers that are sent away: so far apart do they come back. */
    private static final Duration APART = Duration.ofMillis(200);

    private static final Duration SOONEST = Duration.ofSeconds(1);
    private static final Duration LATEST = Duration.ofMinutes(1);

    private final Clock clock;
    private final CallShares shares;
    private final String namespace;
    private final AtomicInteger underWay = new AtomicInteger();
    private final CircuitBreaker breaker;
    private Instant nextTurn = Instant.MIN;

    /**
     * @param namespace of the Tailnet
     * @param clock one that nobody sets: a pause must not get longer because the machine's clock was set back
     */
    public CallGate(String namespace, CallShares shares, Clock clock) {
        this.namespace = namespace;
        this.shares = shares;
        this.clock = clock;
        this.breaker = CircuitBreaker.of(
                "control plane",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(UNANSWERED)
                        .minimumNumberOfCalls(UNANSWERED)
                        .failureRateThreshold(100)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.ofExponentialBackoff(FIRST_PAUSE, 2.0, LONGEST_PAUSE))
                        .clock(clock)
                        .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                        .recordException(CallGate::isNoAnswer)
                        .ignoreException(CallGate::wasNotMade)
                        .build());
    }

    /** The control plane was not reached, or did not answer in time. An answer that says no is an answer. */
    private static boolean isNoAnswer(Throwable failure) {
        return failure instanceof ControlPlaneException.Unavailable && ((ControlPlaneException) failure).status() == 0;
    }

    /** It says nothing of the control plane: the call budget or a rule of the operator held it back. */
    private static boolean wasNotMade(Throwable failure) {
        return (failure instanceof ControlPlaneException.RateLimited
                        || failure instanceof ControlPlaneException.Rejected)
                && ((ControlPlaneException) failure).status() == 0;
    }

    /** The control plane has answered a call that did not go through here: the next call is tried, and decides. */
    public void answered() {
        if (breaker.getState() == CircuitBreaker.State.OPEN) {
            breaker.transitionToHalfOpenState();
        }
    }

    /**
     * Makes a call, or refuses to at once.
     *
     * @throws ControlPlaneException.RateLimited without having called, when too many calls are under way or none is answered
     */
    public <T> T call(Supplier<T> call) {
        enter();
        try {
            if (!breaker.tryAcquirePermission()) {
                throw ControlPlaneException.RateLimited.unanswered(
                        "the operator makes no calls for now, because the control plane did not answer the last "
                                + UNANSWERED + ". Check that it runs and can be reached",
                        turn());
            }
            return recorded(call);
        } finally {
            underWay.decrementAndGet();
            shares.leave(namespace);
        }
    }

    private <T> T recorded(Supplier<T> call) {
        var begun = breaker.getCurrentTimestamp();
        try {
            var answer = call.get();
            breaker.onSuccess(breaker.getCurrentTimestamp() - begun, breaker.getTimestampUnit());
            return answer;
        } catch (RuntimeException | Error e) {
            breaker.onError(breaker.getCurrentTimestamp() - begun, breaker.getTimestampUnit(), e);
            throw e;
        }
    }

    private void enter() {
        if (underWay.incrementAndGet() > shares.ofOneTailnet()) {
            underWay.decrementAndGet();
            throw busy("this control plane");
        }
        if (!shares.enter(namespace)) {
            underWay.decrementAndGet();
            throw busy("control planes of this namespace");
        }
    }

    private ControlPlaneException.RateLimited busy(String what) {
        return new ControlPlaneException.RateLimited(
                0, "the operator made no call, because many calls to " + what + " are under way", turn());
    }

    /** So that thousands that were sent away do not come back in one moment. */
    private synchronized Duration turn() {
        var now = clock.instant();
        var soonest = now.plus(SOONEST);
        var next = nextTurn.isBefore(soonest) ? soonest : nextTurn.plus(APART);
        nextTurn = next.isAfter(now.plus(LATEST)) ? soonest : next;
        return Duration.between(now, nextTurn);
    }
}
