package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.model.PortRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Ports as sorted ranges that neither touch nor overlap.
 *
 * @param ranges in order
 */
public record PortSet(List<PortRange> ranges) {

    static final PortSet NONE = new PortSet(List.of());
    static final PortSet ALL = new PortSet(List.of(PortRange.ALL));

    public PortSet {
        ranges = List.copyOf(ranges);
    }

    /** Of ranges in any order, with any overlap. */
    static PortSet of(List<PortRange> ranges) {
        List<PortRange> merged = new ArrayList<>();
        for (PortRange range : ranges.stream()
                .sorted(Comparator.comparingInt(PortRange::first))
                .toList()) {
            PortRange before = merged.isEmpty() ? null : merged.getLast();
            if (before == null || before.last() + 1 < range.first()) {
                merged.add(range);
            } else if (range.last() > before.last()) {
                merged.set(merged.size() - 1, new PortRange(before.first(), range.last()));
            }
        }
        return new PortSet(merged);
    }

    PortSet minus(PortSet other) {
        List<PortRange> rest = new ArrayList<>();
        for (PortRange range : ranges) {
            int from = range.first();
            for (PortRange hole : other.ranges) {
                if (hole.last() >= from && hole.first() <= range.last()) {
                    if (hole.first() > from) {
                        rest.add(new PortRange(from, hole.first() - 1));
                    }
                    from = hole.last() + 1;
                }
            }
            if (from <= range.last()) {
                rest.add(new PortRange(from, range.last()));
            }
        }
        return new PortSet(rest);
    }

    @Override
    public String toString() {
        return ranges.stream().map(PortRange::toString).collect(Collectors.joining(","));
    }
}
