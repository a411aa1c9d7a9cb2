package com.xonetwork.tailnet.policy.net;

/**
 * An address block: {@code 10.0.0.0/8}. Host bits are cleared, as the service does with the prefixes of a policy.
 *
 * @param first its first address
 * @param length of the network part, in bits
 */
public record Prefix(Ip first, int length) implements Comparable<Prefix> {

    public Prefix {
        if (length < 0 || length > first.bits()) {
            throw new IllegalArgumentException("a prefix of " + first + " cannot be " + length + " bits long");
        }
        first = first.first(length);
    }

    /**
     * Of {@code 10.0.0.0/8}, or of a bare address, which is a block of one.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return of(Ip.parse(text));
        }
        String length = text.substring(slash + 1);
        boolean number = !length.isEmpty()
                && length.length() <= 3
                && length.chars().allMatch(c -> c >= '0' && c <= '9')
                && (length.length() == 1 || length.charAt(0) != '0');
        if (!number) {
            throw new IllegalArgumentException("not an IP prefix: \"" + text + "\"");
        }
        return new Prefix(Ip.parse(text.substring(0, slash)), Integer.parseInt(length));
    }

    public static Prefix of(Ip ip) {
        return new Prefix(ip, ip.bits());
    }

    public Ip last() {
        return first.last(length);
    }

    public IpRange range() {
        return new IpRange(first, last());
    }

    /** Whether this is one address. */
    public boolean isSingle() {
        return length == first.bits();
    }

    /** Whether it is {@code 0.0.0.0/0} or {@code ::/0}: as a route, what makes a node an exit node. */
    public boolean isAll() {
        return length == 0;
    }

    public boolean contains(Ip ip) {
        return ip.v6() == first.v6() && ip.first(length).equals(first);
    }

    public boolean overlaps(Prefix other) {
        return length <= other.length ? contains(other.first) : other.contains(first);
    }

    @Override
    public int compareTo(Prefix other) {
        int byFirst = first.compareTo(other.first);
        return byFirst != 0 ? byFirst : Integer.compare(length, other.length);
    }

    /** {@code 10.0.0.0/8}; always with the length. */
    @Override
    public String toString() {
        return first + "/" + length;
    }
}
