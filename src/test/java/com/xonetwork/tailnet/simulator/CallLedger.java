package com.xonetwork.tailnet.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Every call in the order of arrival, those that got no answer included. Safe for use by several threads. */
public final class CallLedger {

    /** Operation name of a call that no operation matches. */
    public static final String UNKNOWN = "unknown";

    private final Clock clock;
    private final List<SimCall> calls = new ArrayList<>();

    CallLedger(Clock clock) {
        this.clock = clock;
    }

    /** All calls so far. */
    public List<SimCall> calls() {
        return since(0);
    }

    /** This moment, to ask later what came {@link #since}. */
    public synchronized int mark() {
        return calls.size();
    }

    /** The calls that arrived after the mark was made. */
    public synchronized List<SimCall> since(int mark) {
        return List.copyOf(calls.subList(mark, calls.size()));
    }

    /** How often the operation was called, successfully or not. */
    public long count(String operation) {
        return countSince(0, operation);
    }

    /** How often the operation was called after the mark was made. */
    public long countSince(int mark, String operation) {
        var name = operation.equals(UNKNOWN) ? UNKNOWN : Operation.checked(operation);
        return since(mark).stream()
                .filter(call -> call.operation().equals(name))
                .count();
    }

    /** The calls after the mark that were meant to change something. */
    public List<SimCall> writesSince(int mark) {
        return since(mark).stream().filter(SimCall::isWrite).toList();
    }

    /**
     * The most calls that ever arrived within such a time, the peak load on the service. Measured in real time, not by the
     * simulator's clock, which a test may hold still.
     */
    public synchronized int maxInAnyWindow(Duration window) {
        var most = 0;
        var first = 0;
        for (int last = 0; last < calls.size(); last++) {
            while (calls.get(last).nanos() - calls.get(first).nanos() >= window.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    synchronized int arrived(
            String method, String path, String query, String operation, String credential, String bodyHash) {
        var number = calls.size();
        calls.add(new SimCall(
                number, clock.instant(), System.nanoTime(), method, path, query, operation, credential, 0, bodyHash));
        return number;
    }

    synchronized void answered(int number, int status) {
        calls.set(number, calls.get(number).answered(status));
    }
}
