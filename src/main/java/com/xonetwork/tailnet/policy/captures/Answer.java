package com.xonetwork.tailnet.policy.captures;

/**
 * Whether a policy is taken.
 *
 * @param message why not; empty if it is accepted
 */
public record Answer(boolean accepted, String message) {

    public static final Answer ACCEPTED = new Answer(true, "");

    public static Answer rejected(String message) {
        return new Answer(false, message);
    }
}
