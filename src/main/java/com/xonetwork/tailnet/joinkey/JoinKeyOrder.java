package com.xonetwork.tailnet.joinkey;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a key must be like. For one use and pre-approved always.
 *
 * @param tags at least one
 * @param validFor from 10 minutes to an hour; a Headscale key ends up to five minutes sooner
 */
public record JoinKeyOrder(SortedSet<String> tags, Duration validFor) {

    private static final Duration LONGEST = Duration.ofHours(1);

    public JoinKeyOrder {
        tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        validFor = validFor.compareTo(LONGEST) > 0 ? LONGEST : validFor;
    }

    /** When a key is replaced: whoever fetches it just before still has a quarter of its time to use it. */
    public Instant renewAt(JoinKeyRecord recorded) {
        return recorded.expires().minus(validFor.dividedBy(4));
    }
}
