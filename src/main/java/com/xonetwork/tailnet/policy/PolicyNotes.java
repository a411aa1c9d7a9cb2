package com.xonetwork.tailnet.policy;

import org.jspecify.annotations.Nullable;

/**
 * What annotations on a Tailnet say of its policy.
 *
 * @param owned this Tailnet took the policy over before: what differs is drift, not somebody else's
 * @param published hash of the policy that it published last, or found in force; null when there is none
 * @param approved hash of the policy that a human lets through the guards; null when there is none
 */
public record PolicyNotes(
        boolean owned, @Nullable String published, @Nullable String approved) {

    public static final PolicyNotes NONE = new PolicyNotes(false, null, null);
}
