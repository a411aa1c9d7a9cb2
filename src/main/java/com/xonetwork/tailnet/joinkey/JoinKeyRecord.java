package com.xonetwork.tailnet.joinkey;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A key that was handed over, as its Secret tells; never the key itself.
 *
 * @param keyId to revoke it by; empty when the Secret does not tell
 * @param version of the Secret, so that nothing but it is deleted
 * @param place URL and tailnet that it is a key of; empty when the Secret does not tell
 */
public record JoinKeyRecord(String keyId, Instant expires, SortedSet<String> tags, String version, String place) {
    public JoinKeyRecord {
        tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
    }

    /** Whether it can be a key of that tailnet. Ids of another control plane are other keys' ids here. */
    boolean isOf(String tailnet) {
        return place.isEmpty() || place.equals(tailnet);
    }
}
