package com.xonetwork.tailnet.policy.reach;

import java.util.Comparator;

/**
 * Something that may newly pass, or no longer.
 *
 * @param gained what was not allowed before and is now; else the other way round
 */
public record ReachChange(boolean gained, Endpoints from, Endpoints to, Traffic traffic)
        implements Comparable<ReachChange> {

    private static final Comparator<ReachChange> ORDER = Comparator.comparing(
                    (ReachChange change) -> change.from().names().toString())
            .thenComparing(change -> change.to().names().toString())
            .thenComparing(change -> change.gained() ? 0 : 1)
            .thenComparing(change -> change.traffic().toString());

    /** By the names of both ends, so that what belongs together stands together, and always alike. */
    @Override
    public int compareTo(ReachChange other) {
        return ORDER.compare(this, other);
    }

    /** {@code tag:web gains tcp 5432 on tag:db (3 → 2 machines)}. */
    @Override
    public String toString() {
        return from + (gained ? " gains " : " loses ") + traffic + " on " + to + counts(from, to);
    }

    static String counts(Endpoints from, Endpoints to) {
        if (from.machines() > 0 && to.machines() > 0) {
            return " (" + from.machines() + " → " + machines(to.machines()) + ")";
        }
        int one = Math.max(from.machines(), to.machines());
        return one > 0 ? " (" + machines(one) + ")" : "";
    }

    private static String machines(int count) {
        return count == 1 ? "1 machine" : count + " machines";
    }
}
