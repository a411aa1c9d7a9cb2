package com.xonetwork.tailnet.policy.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A set of addresses of both families as sorted ranges that neither touch nor overlap, so that equal sets are equal
 * records. All operations walk both lists once.
 *
 * @param ranges in order, IPv4 before IPv6
 */
public record IpSet(List<IpRange> ranges) {

    public static final IpSet EMPTY = new IpSet(List.of());
    /** Every address of both families. */
    public static final IpSet ALL = of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));

    public IpSet {
        ranges = List.copyOf(ranges);
        for (int i = 1; i < ranges.size(); i++) {
            if (!apart(ranges.get(i - 1), ranges.get(i))) {
                throw new IllegalArgumentException("ranges touch or are out of order");
            }
        }
    }

    public static IpSet of(Prefix... prefixes) {
        return ofRanges(Stream.of(prefixes).map(Prefix::range).toList());
    }

    /** Of ranges in any order, with any overlap. */
    public static IpSet ofRanges(Collection<IpRange> ranges) {
        List<IpRange> sorted = new ArrayList<>(ranges);
        sorted.sort((a, b) -> a.first().compareTo(b.first()));
        List<IpRange> merged = new ArrayList<>(sorted.size());
        for (IpRange range : sorted) {
            IpRange before = merged.isEmpty() ? null : merged.getLast();
            if (before == null || apart(before, range)) {
                merged.add(range);
            } else if (range.last().compareTo(before.last()) > 0) {
                merged.set(merged.size() - 1, new IpRange(before.first(), range.last()));
            }
        }
        return new IpSet(merged);
    }

    private static boolean apart(IpRange before, IpRange after) {
        if (before.last().v6() != after.first().v6()) {
            return !before.last().v6();
        }
        return !before.last().isLast() && before.last().next().compareTo(after.first()) < 0;
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    public IpSet union(IpSet other) {
        List<IpRange> both = new ArrayList<>(ranges.size() + other.ranges.size());
        both.addAll(ranges);
        both.addAll(other.ranges);
        return ofRanges(both);
    }

    public IpSet intersect(IpSet other) {
        List<IpRange> common = new ArrayList<>();
        int mine = 0;
        int theirs = 0;
        while (mine < ranges.size() && theirs < other.ranges.size()) {
            IpRange a = ranges.get(mine);
            IpRange b = other.ranges.get(theirs);
            Ip first = a.first().compareTo(b.first()) >= 0 ? a.first() : b.first();
            Ip last = a.last().compareTo(b.last()) <= 0 ? a.last() : b.last();
            if (first.v6() == last.v6() && first.compareTo(last) <= 0) {
                common.add(new IpRange(first, last));
            }
            if (a.last().compareTo(b.last()) <= 0) {
                mine++;
            } else {
                theirs++;
            }
        }
        return new IpSet(common);
    }

    public IpSet subtract(IpSet other) {
        return intersect(other.complement());
    }

    private IpSet complement() {
        List<IpRange> gaps = new ArrayList<>();
        for (IpRange family : ALL.ranges) {
            Ip from = family.first();
            boolean more = true;
            for (IpRange range : ranges) {
                if (range.first().v6() != from.v6()) {
                    continue;
                }
                if (from.compareTo(range.first()) < 0) {
                    gaps.add(new IpRange(from, range.first().previous()));
                }
                more = !range.last().isLast();
                from = more ? range.last().next() : range.last();
            }
            if (more) {
                gaps.add(new IpRange(from, family.last()));
            }
        }
        return new IpSet(gaps);
    }

    public boolean contains(Ip ip) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            IpRange range = ranges.get(middle);
            if (ip.compareTo(range.first()) < 0) {
                high = middle - 1;
            } else if (ip.compareTo(range.last()) > 0) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    public boolean containsAll(IpSet other) {
        return intersect(other).equals(other);
    }

    public boolean overlaps(IpSet other) {
        return !intersect(other).isEmpty();
    }

    /** The fewest prefixes that make up the set, in order. */
    public List<Prefix> prefixes() {
        return ranges.stream().flatMap(range -> range.prefixes().stream()).toList();
    }

    @Override
    public String toString() {
        return ranges.toString();
    }
}
