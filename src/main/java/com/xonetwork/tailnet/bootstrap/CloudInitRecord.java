package com.xonetwork.tailnet.bootstrap;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files that were written for a machine. Holds the token: not to be logged.
 *
 * @param token by which the machine fetches its join key
 * @param used when it did; null while it has not
 * @param expires when the token ends; null for one that does not
 * @param version of the Secret, so that only this very state is followed by the next
 */
record CloudInitRecord(
        Map<String, String> files,
        String token,
        @Nullable Instant used,
        @Nullable Instant expires,
        String version) {

    CloudInitRecord {
        files = Map.copyOf(files);
    }

    CloudInitRecord(Map<String, String> files, String token, @Nullable Instant used, String version) {
        this(files, token, used, null, version);
    }

    /** Whether nothing is given for the token any more. */
    boolean hasEnded(Instant now) {
        return used != null || expires != null && !now.isBefore(expires);
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "CloudInitRecord[used=" + used + ", expires=" + expires + ", version=" + version + "]";
    }
}
