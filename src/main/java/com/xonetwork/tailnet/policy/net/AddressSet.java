package com.xonetwork.tailnet.policy.net;

import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.IpRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A set of addresses of both families, as sorted ranges that neither touch nor overlap, so that equal sets are equal
 * records. Every operation walks each list once.
 *
 * @param ranges in order, IPv4 before IPv6
 */
public record AddressSet(List<IpRange> ranges) {

    public static final AddressSet EMPTY = new AddressSet(List.of());
    /** Every address of both families. */
    public static final AddressSet ALL = of(IpPrefix.of("0.0.0.0/0"), IpPrefix.of("::/0"));

    public AddressSet {
        ranges = List.copyOf(ranges);
        for (int i = 1; i < ranges.size(); i++) {
            if (!apart(ranges.get(i - 1), ranges.get(i))) {
                throw new IllegalArgumentException("ranges touch or are out of order");
            }
        }
    }

    public static AddressSet of(IpPrefix... prefixes) {
        return ofRanges(Stream.of(prefixes).map(IpPrefix::range).toList());
    }

    public static AddressSet of(IpAddress address) {
        return new AddressSet(List.of(IpRange.of(address)));
    }

    /** Of ranges in any order, with any overlap. */
    public static AddressSet ofRanges(Collection<IpRange> ranges) {
        List<IpRange> sorted = new ArrayList<>(ranges);
        sorted.sort(null);
        List<IpRange> merged = new ArrayList<>(sorted.size());
        for (IpRange range : sorted) {
            IpRange before = merged.isEmpty() ? null : merged.getLast();
            if (before == null || apart(before, range)) {
                merged.add(range);
            } else if (range.last().compareTo(before.last()) > 0) {
                merged.set(merged.size() - 1, new IpRange(before.first(), range.last()));
            }
        }
        return new AddressSet(merged);
    }

    private static boolean apart(IpRange before, IpRange after) {
        if (before.first().v6() != after.first().v6()) {
            return !before.first().v6();
        }
        IpAddress next = before.last().next();
        return next != null && next.compareTo(after.first()) < 0;
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    public AddressSet union(AddressSet other) {
        List<IpRange> both = new ArrayList<>(ranges.size() + other.ranges.size());
        both.addAll(ranges);
        both.addAll(other.ranges);
        return ofRanges(both);
    }

    public AddressSet intersect(AddressSet other) {
        List<IpRange> common = new ArrayList<>();
        int mine = 0;
        int theirs = 0;
        while (mine < ranges.size() && theirs < other.ranges.size()) {
            IpRange a = ranges.get(mine);
            IpRange b = other.ranges.get(theirs);
            if (a.overlaps(b)) {
                common.add(new IpRange(later(a.first(), b.first()), earlier(a.last(), b.last())));
            }
            if (a.last().compareTo(b.last()) <= 0) {
                mine++;
            } else {
                theirs++;
            }
        }
        return new AddressSet(common);
    }

    public AddressSet subtract(AddressSet other) {
        return intersect(other.complement());
    }

    private AddressSet complement() {
        List<IpRange> gaps = new ArrayList<>();
        for (IpRange family : ALL.ranges) {
            IpAddress from = family.first();
            for (IpRange range : ranges) {
                if (from == null || range.first().v6() != from.v6()) {
                    continue;
                }
                IpAddress before = range.first().previous();
                if (before != null && from.compareTo(before) <= 0) {
                    gaps.add(new IpRange(from, before));
                }
                from = range.last().next();
            }
            if (from != null) {
                gaps.add(new IpRange(from, family.last()));
            }
        }
        return new AddressSet(gaps);
    }

    private static IpAddress later(IpAddress a, IpAddress b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static IpAddress earlier(IpAddress a, IpAddress b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    public boolean contains(IpAddress address) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            IpRange range = ranges.get(middle);
            if (address.compareTo(range.first()) < 0) {
                high = middle - 1;
            } else if (address.compareTo(range.last()) > 0) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** The fewest prefixes that make up the set, in order. */
    public List<IpPrefix> prefixes() {
        List<IpPrefix> prefixes = new ArrayList<>();
        for (IpRange range : ranges) {
            IpAddress from = range.first();
            while (from != null && from.compareTo(range.last()) <= 0) {
                IpPrefix prefix = widest(new IpRange(from, range.last()));
                prefixes.add(prefix);
                from = prefix.range().last().next();
            }
        }
        return prefixes;
    }

    /** As the service writes them in a filter: an address, a prefix where it is exactly one, else {@code first-last}. */
    public List<String> texts() {
        return ranges.stream().map(AddressSet::text).toList();
    }

    /** As the service writes one range in a filter: {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code 10.0.0.1-10.0.0.9}. */
    public static String text(IpRange range) {
        if (range.first().equals(range.last())) {
            return range.first().toString();
        }
        IpPrefix prefix = widest(range);
        return prefix.range().equals(range) ? prefix.toString() : range.toString();
    }

    /** The largest prefix that begins where the range does and lies within it. */
    private static IpPrefix widest(IpRange range) {
        int bits = 0;
        while (true) {
            IpPrefix prefix = new IpPrefix(range.first(), bits);
            IpRange whole = prefix.range();
            if (whole.first().equals(range.first()) && whole.last().compareTo(range.last()) <= 0) {
                return prefix;
            }
            bits++;
        }
    }
}
