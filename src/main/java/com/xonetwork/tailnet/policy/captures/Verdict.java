package com.xonetwork.tailnet.policy.captures;

/**
 * Whether a policy is taken.
 *
 * @param message why not; empty if it is accepted
 */
public record Verdict(boolean accepted, String message) {

    public static final Verdict ACCEPTED = new Verdict(true, "");

    public static Verdict rejected(String message) {
        return new Verdict(false, message);
    }
}
