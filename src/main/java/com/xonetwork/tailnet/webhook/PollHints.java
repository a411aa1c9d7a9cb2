package com.xonetwork.tailnet.webhook;

import com.xonetwork.tailnet.snapshot.TailnetKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns hints into polls, of one tailnet at most one in so long a time: a hundred deliveries at once are one poll at once and
 * one after it. The polls themselves stay inside the call budget, like all calls.
 */
final class PollHints {

    private final Polls polls;
    private final Clock steady;
    private final Duration spacing;
    private final Timer timer;
    private final Map<TailnetKey, State> states = new HashMap<>();

    /** Begins a poll. */
    @FunctionalInterface
    interface Polls {
        void soon(TailnetKey tailnet, boolean policyToo);
    }

    /** Runs something later, once. */
    @FunctionalInterface
    interface Timer {
        void after(Duration delay, Runnable task);
    }

    /**
     * @param steady a clock that nobody sets
     * @param spacing between two polls of one tailnet that hints cause
     */
    PollHints(Polls polls, Clock steady, Duration spacing, Timer timer) {
        this.polls = polls;
        this.steady = steady;
        this.spacing = spacing;
        this.timer = timer;
    }

    private static final class State {
        private @Nullable Instant polledAt;
        private boolean waiting;
        private boolean policyToo;
    }

    /** @param policyToo also the policy file is said to have changed */
    synchronized void hint(TailnetKey tailnet, boolean policyToo) {
        var state = states.computeIfAbsent(tailnet, _ -> new State());
        state.policyToo |= policyToo;
        if (state.waiting) {
            return;
        }
        var wait = untilFree(state);
        if (wait.isPositive()) {
            state.waiting = true;
            timer.after(wait, () -> due(tailnet, state));
        } else {
            poll(tailnet, state);
        }
    }

    /** However the clock goes, nobody waits longer than the spacing. */
    private Duration untilFree(State state) {
        if (state.polledAt == null) {
            return Duration.ZERO;
        }
        var wait = Duration.between(steady.instant(), state.polledAt.plus(spacing));
        return wait.compareTo(spacing) > 0 ? spacing : wait;
    }

    private synchronized void due(TailnetKey tailnet, State state) {
        state.waiting = false;
        if (state.equals(states.get(tailnet))) {
            poll(tailnet, state);
        }
    }

    private void poll(TailnetKey tailnet, State state) {
        state.polledAt = steady.instant();
        boolean policyToo = state.policyToo;
        state.policyToo = false;
        polls.soon(tailnet, policyToo);
    }

    synchronized void forget(TailnetKey tailnet) {
        states.remove(tailnet);
    }
}
