package com.xonetwork.tailnet.bootstrap;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files that were written for a machine. Holds the token: not to be logged.
 *
 * @param token by which the machine fetches its join key
 * @param used when it did; null while it has not
 * @param version of the Secret, so that only this very state is followed by the next
 */
record CloudInitRecord(
        Map<String, String> files, String token, @Nullable Instant used, String version) {

    CloudInitRecord {
        files = Map.copyOf(files);
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "CloudInitRecord[used=" + used + ", version=" + version + "]";
    }
}
