package com.xonetwork.tailnet.controlplane;

import java.util.EnumSet;

/**
 * What one connection knows of its control plane's capabilities. A proxy may answer for a part of the paths while the service behind
 * it starts, and what it says looks like a control plane that can do less. So an answer that lacks what was known before, or that no
 * known control plane gives, is believed only when it repeats itself. Safe for several threads.
 */
public final class LearntCapabilities {

    /**
     * How many answers in a row that lack what was known are not believed. There is one question a minute, or one a poll where polls are
     * rarer.
     */
    static final int DOUBTED = 10;

    /** The same at first contact, for an answer that no known control plane gives: nothing is done for a tailnet until then. */
    static final int DOUBTED_AT_FIRST = 2;

    private Ports known;
    private boolean learnt;
    private int doubts;

    /** @param assumed until the control plane was asked */
    public LearntCapabilities(Ports assumed) {
        this.known = assumed;
    }

    /** What the adapter offers now. */
    public synchronized Ports known() {
        return known;
    }

    /**
     * Takes up an answer.
     *
     * @param found what the adapter would offer after this answer
     * @param isOdd whether no known control plane gives this answer
     * @return what is known from now on
     * @throws ControlPlaneException.Unavailable while the answer is not believed: what was known stays
     */
    public synchronized Ports learn(Ports found, boolean isOdd) {
        var lost = EnumSet.noneOf(Capability.class);
        if (learnt) {
            lost.addAll(known.capabilities());
            lost.removeAll(found.capabilities());
        }
        var bound = learnt ? DOUBTED : DOUBTED_AT_FIRST;
        if ((!lost.isEmpty() || isOdd && !learnt) && doubts < bound) {
            doubts = doubts + 1;
            throw new ControlPlaneException.Unavailable(
                    0,
                    (lost.isEmpty()
                                    ? "The control plane knows only some of the API paths that always go together"
                                    : "The control plane no longer knows the API paths for " + lost)
                            + ". It is starting, or a proxy answers in its place. Check what stands in front of it. The operator"
                            + " rejects " + bound + " such answers in a row",
                    null);
        }
        doubts = 0;
        learnt = true;
        known = found;
        return known;
    }
}
