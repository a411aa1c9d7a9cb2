package com.xonetwork.tailnet.controlplane;

import java.util.HashMap;
import java.util.Map;

/**
 * How many of the reconcilers' threads may be on their way to control planes at once: of one Tailnet, of one namespace, and of all.
 * So however many control planes of one namespace hang, the others' Tailnets go on.
 */
public final class CallShares {

    private final int ofOneTailnet;
    private final int ofOneNamespace;
    private final int ofAll;
    private final Map<String, Integer> underWay = new HashMap<>();
    private int all;

    public CallShares(int ofOneTailnet, int ofOneNamespace, int ofAll) {
        this.ofOneTailnet = ofOneTailnet;
        this.ofOneNamespace = ofOneNamespace;
        this.ofAll = ofAll;
    }

    /**
     * A tenth of the threads for one Tailnet, a fifth for one namespace, four fifths for all: the others are always free of control
     * planes.
     *
     * @param threads that the controllers share
     */
    public static CallShares of(int threads) {
        return new CallShares(Math.max(1, threads / 10), Math.max(1, threads / 5), Math.max(1, threads * 4 / 5));
    }

    /** For the 50 threads that the controllers share by default. */
    public static CallShares defaults() {
        return of(50);
    }

    int ofOneTailnet() {
        return ofOneTailnet;
    }

    /** Whether there is room for one call more. One that got in must {@link #leave}. */
    synchronized boolean enter(String namespace) {
        var own = underWay.getOrDefault(namespace, 0);
        if (own >= ofOneNamespace || all >= ofAll) {
            return false;
        }
        underWay.put(namespace, own + 1);
        all++;
        return true;
    }

    synchronized void leave(String namespace) {
        underWay.computeIfPresent(namespace, (same, own) -> own == 1 ? null : own - 1);
        all--;
    }
}
