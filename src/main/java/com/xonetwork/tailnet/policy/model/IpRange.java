package com.xonetwork.tailnet.policy.model;

import java.util.Optional;

/**
 * Consecutive addresses of one family, both ends included.
 */
public record IpRange(IpAddress first, IpAddress last) implements Comparable<IpRange> {

    public IpRange {
        if (first.v6() != last.v6() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException("no range: " + first + "-" + last);
        }
    }

    public static IpRange of(IpAddress address) {
        return new IpRange(address, address);
    }

    /** {@code 10.0.0.1-10.0.0.9}. */
    public static Optional<IpRange> parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        Optional<IpAddress> first = IpAddress.parse(text.substring(0, dash).strip());
        Optional<IpAddress> last = IpAddress.parse(text.substring(dash + 1).strip());
        if (first.isEmpty()
                || last.isEmpty()
                || first.get().v6() != last.get().v6()
                || first.get().compareTo(last.get()) > 0) {
            return Optional.empty();
        }
        return Optional.of(new IpRange(first.get(), last.get()));
    }

    public boolean contains(IpAddress address) {
        return address.v6() == first.v6() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    public boolean contains(IpRange other) {
        return contains(other.first) && contains(other.last);
    }

    public boolean overlaps(IpRange other) {
        return first.v6() == other.first.v6() && first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    /** By first address, then by last. */
    @Override
    public int compareTo(IpRange other) {
        int byFirst = first.compareTo(other.first);
        return byFirst != 0 ? byFirst : last.compareTo(other.last);
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
