package com.xonetwork.tailnet.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The switches that make the simulated service misbehave. Says where, then how often, then what:
 *
 * <pre>{@code
 * faults().on("listTailnetDevices").times(3).status(500);
 * faults().onAll().untilCleared().html();
 * faults().on("createKey").once().actThenCut();
 * }</pre>
 *
 * A fault strikes before credentials are looked at. Where several match a call the one that was switched on first strikes,
 * until it is used up: switched on one after the other they make a sequence. Safe for use by several threads.
 */
public final class Faults {

    private final CredentialTable credentials;
    private final List<Fault> faults = new ArrayList<>();

    Faults(CredentialTable credentials) {
        this.credentials = credentials;
    }

    /** Calls of these operations, by their names in the API document. */
    public Where on(String... operations) {
        if (operations.length == 0) {
            throw new IllegalArgumentException("which operations? onAll() means all of them");
        }
        return new Where(Stream.of(operations).map(Operation::checked).collect(Collectors.toSet()), 0);
    }

    /** Every call, token requests and unknown paths included. */
    public Where onAll() {
        return new Where(Set.of(), 0);
    }

    /** Every access token that an OAuth client was given is invalid from now; new ones can be asked for. */
    public void expireTokens() {
        credentials.expireTokens();
    }

    /** Switches everything off. Calls that hang already stay so. */
    public synchronized void clear() {
        faults.clear();
    }

    synchronized Optional<Effect> next(String operation) {
        return faults.stream()
                .filter(fault -> fault.concerns(operation))
                .filter(Fault::strikes)
                .findFirst()
                .map(Fault::effect);
    }

    private synchronized Fault add(Fault fault) {
        faults.add(fault);
        return fault;
    }

    private synchronized void remove(Fault fault) {
        faults.remove(fault);
    }

    /** Which calls are meant; {@link #times}, {@link #once} or {@link #untilCleared} says how many of them. */
    public final class Where {
        private final Set<String> operations;
        private final int spared;

        private Where(Set<String> operations, int spared) {
            this.operations = operations;
            this.spared = spared;
        }

        /** So many calls, of those that no earlier fault strikes, go well first. */
        public Where after(int calls) {
            return new Where(operations, calls);
        }

        /** For so many calls. */
        public FaultKind times(int calls) {
            return kind(calls);
        }

        /** For one call. */
        public FaultKind once() {
            return kind(1);
        }

        /** For all calls, until {@link Faults#clear} or {@link Fault#clear}. */
        public FaultKind untilCleared() {
            return kind(Integer.MAX_VALUE);
        }

        private FaultKind kind(int calls) {
            if (calls < 1) {
                throw new IllegalArgumentException("a fault strikes at least once, not " + calls + " times");
            }
            return new FaultKind(Duration.ZERO, effect -> add(new Fault(operations, spared, calls, effect)));
        }
    }

    /** A fault that was switched on. */
    public final class Fault {
        private final Set<String> operations;
        private final Effect effect;
        private int spared;
        private int left;
        private int hits;

        private Fault(Set<String> operations, int spared, int left, Effect effect) {
            this.operations = operations;
            this.spared = spared;
            this.left = left;
            this.effect = effect;
        }

        /** How many calls it struck. */
        public int hits() {
            synchronized (Faults.this) {
                return hits;
            }
        }

        /** Switches this one off. */
        public void clear() {
            remove(this);
        }

        private Effect effect() {
            return effect;
        }

        private boolean concerns(String operation) {
            return operations.isEmpty() || operations.contains(operation);
        }

        /** Counts the call, and tells whether it is struck. */
        private boolean strikes() {
            if (spared > 0) {
                spared--;
                return false;
            }
            if (left == 0) {
                return false;
            }
            left--;
            hits++;
            return true;
        }
    }
}
