package com.xonetwork.tailnet.policy.net;

/**
 * One IPv4 or IPv6 address as a number, so that sets of addresses can be added and subtracted. Ordered: all of IPv4 before
 * all of IPv6, each by value. Read and written as Go's {@code net/netip} does, because the service is written with it:
 * no leading zeros, IPv6 in lower case with the longest run of zeros left out.
 *
 * @param v6 whether this is an IPv6 address
 * @param high the upper 64 bits; 0 for IPv4
 * @param low the lower 64 bits; for IPv4 the 32 bits of the address
 */
public record Ip(boolean v6, long high, long low) implements Comparable<Ip> {

    private static final long V4_LAST = 0xFFFF_FFFFL;
    private static final int GROUPS = 8;

    public Ip {
        if (!v6 && (high != 0 || low < 0 || low > V4_LAST)) {
            throw new IllegalArgumentException("not an IPv4 address: more than 32 bits");
        }
    }

    /** @throws IllegalArgumentException if the text is no address; zones ({@code fe80::1%eth0}) are none */
    public static Ip parse(String text) {
        Ip ip = text.indexOf(':') >= 0 ? IpText.ipv6(text) : IpText.ipv4(text);
        if (ip == null) {
            throw new IllegalArgumentException("not an IP address: \"" + text + "\"");
        }
        return ip;
    }

    /** Whether {@link #parse} would read the text. */
    public static boolean isIp(String text) {
        return (text.indexOf(':') >= 0 ? IpText.ipv6(text) : IpText.ipv4(text)) != null;
    }

    static Ip v4(long bits) {
        return new Ip(false, 0, bits);
    }

    static Ip v6(long high, long low) {
        return new Ip(true, high, low);
    }

    /** 32 or 128. */
    public int bits() {
        return v6 ? 128 : 32;
    }

    boolean isFirst() {
        return high == 0 && low == 0;
    }

    boolean isLast() {
        return v6 ? high == -1 && low == -1 : low == V4_LAST;
    }

    /** The next address of the same family; there must be one. */
    Ip next() {
        return v6 ? v6(low == -1 ? high + 1 : high, low + 1) : v4(low + 1);
    }

    /** The address before in the same family; there must be one. */
    Ip previous() {
        return v6 ? v6(low == 0 ? high - 1 : high, low - 1) : v4(low - 1);
    }

    /** The first address of the prefix of this length around this address. */
    Ip first(int length) {
        int host = bits() - length;
        return v6 ? v6(high & upperMask(length), low & ~lowerBits(host)) : v4(low & ~lowerBits(host));
    }

    /** The last address of the prefix of this length around this address. */
    Ip last(int length) {
        int host = bits() - length;
        return v6 ? v6(high | ~upperMask(length), low | lowerBits(host)) : v4(low | lowerBits(host));
    }

    /** How many bits at the end are zero: the shortest prefix that may begin here is {@code bits() - that}. */
    int trailingZeros() {
        if (!v6) {
            return Math.min(32, Long.numberOfTrailingZeros(low));
        }
        return low != 0 ? Long.numberOfTrailingZeros(low) : 64 + Long.numberOfTrailingZeros(high);
    }

    private static long upperMask(int length) {
        return length >= 64 ? -1 : length == 0 ? 0 : -1L << (64 - length);
    }

    private static long lowerBits(int host) {
        return host >= 64 ? -1 : (1L << host) - 1;
    }

    @Override
    public int compareTo(Ip other) {
        if (v6 != other.v6) {
            return v6 ? 1 : -1;
        }
        int upper = Long.compareUnsigned(high, other.high);
        return upper != 0 ? upper : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        if (!v6) {
            return (low >> 24) + "." + (low >> 16 & 0xFF) + "." + (low >> 8 & 0xFF) + "." + (low & 0xFF);
        }
        if (high == 0 && low >>> 32 == 0xFFFF) {
            return "::ffff:" + v4(low & V4_LAST);
        }
        int zerosAt = -1;
        int zeros = 1;
        for (int at = 0; at < GROUPS; at++) {
            int run = at;
            while (run < GROUPS && group(run) == 0) {
                run++;
            }
            if (run - at > zeros) {
                zerosAt = at;
                zeros = run - at;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int at = 0; at < GROUPS; at++) {
            if (at == zerosAt) {
                text.append("::");
                at += zeros - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(at)));
            }
        }
        return text.toString();
    }

    private int group(int at) {
        long half = at < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (at & 3))) & 0xFFFF;
    }
}
