package com.xonetwork.tailnet.controlplane;

/**
 * How many calls one credential may make: a token bucket.
 *
 * @param perSecond tokens that flow back each second
 * @param burst size of the bucket
 */
public record CallBudget(double perSecond, int burst) {
    public CallBudget {
        if (perSecond <= 0 || burst < 1) {
            throw new IllegalArgumentException("a call budget needs perSecond > 0 and burst >= 1");
        }
    }
}
