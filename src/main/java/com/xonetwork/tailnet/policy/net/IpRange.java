package com.xonetwork.tailnet.policy.net;

import java.util.ArrayList;
import java.util.List;

/**
 * All addresses from one to another, both included.
 *
 * @param first not after {@code last}, of the same family
 */
public record IpRange(Ip first, Ip last) {

    public IpRange {
        if (first.v6() != last.v6() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException("not a range: " + first + "-" + last);
        }
    }

    /** @throws IllegalArgumentException if the text is not {@code address-address} in this order */
    public static IpRange parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("not a range of addresses: \"" + text + "\"");
        }
        return new IpRange(Ip.parse(text.substring(0, dash)), Ip.parse(text.substring(dash + 1)));
    }

    public boolean contains(Ip ip) {
        return first.compareTo(ip) <= 0 && ip.compareTo(last) <= 0;
    }

    /** The fewest prefixes that make up the range, in order. */
    public List<Prefix> prefixes() {
        List<Prefix> prefixes = new ArrayList<>();
        Ip at = first;
        while (true) {
            int length = at.bits() - at.trailingZeros();
            while (at.last(length).compareTo(last) > 0) {
                length++;
            }
            Prefix prefix = new Prefix(at, length);
            prefixes.add(prefix);
            if (prefix.last().equals(last)) {
                return prefixes;
            }
            at = prefix.last().next();
        }
    }

    /** As the service writes it in a filter: an address, a prefix if it is exactly one, else {@code first-last}. */
    @Override
    public String toString() {
        if (first.equals(last)) {
            return first.toString();
        }
        int length = first.bits() - first.trailingZeros();
        while (length < first.bits() && first.last(length).compareTo(last) > 0) {
            length++;
        }
        return first.last(length).equals(last) ? first + "/" + length : first + "-" + last;
    }
}
