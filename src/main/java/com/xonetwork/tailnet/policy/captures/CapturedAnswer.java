package com.xonetwork.tailnet.policy.captures;

/**
 * Whether a policy is taken.
 *
 * @param message why not; empty if it is accepted
 */
public record CapturedAnswer(boolean accepted, String message) {

    public static final CapturedAnswer ACCEPTED = new CapturedAnswer(true, "");

    public static CapturedAnswer rejected(String message) {
        return new CapturedAnswer(false, message);
    }
}
