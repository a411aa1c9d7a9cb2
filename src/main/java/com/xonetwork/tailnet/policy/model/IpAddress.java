package com.xonetwork.tailnet.policy.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address as the bits that rules compare. Read and written as Go's {@code netip} does, which the service uses: no
 * leading zeros, no zone, the shortest form of IPv6.
 *
 * @param v6 the family; all of IPv4 comes before all of IPv6
 * @param high the upper 64 bits, 0 for IPv4
 * @param low the lower 64 bits, unsigned; the 32 bits of IPv4
 */
public record IpAddress(boolean v6, long high, long low) implements Comparable<IpAddress> {

    private static final long MAX_V4 = 0xFFFF_FFFFL;

    public static IpAddress v4(long bits) {
        return new IpAddress(false, 0, bits & MAX_V4);
    }

    public static IpAddress v6(long high, long low) {
        return new IpAddress(true, high, low);
    }

    public static Optional<IpAddress> parse(String text) {
        if (text.indexOf(':') >= 0) {
            return Ipv6Text.parse(text);
        }
        long bits = ipv4(text);
        return bits < 0 ? Optional.empty() : Optional.of(v4(bits));
    }

    /**
     * For constants and for what was already checked.
     *
     * @throws IllegalArgumentException if it is no address
     */
    public static IpAddress of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("no IP address: " + text));
    }

    /** 32 or 128. */
    public int width() {
        return v6 ? 128 : 32;
    }

    /** The address after this one; null after the last of its family. */
    public @Nullable IpAddress next() {
        if (!v6) {
            return low == MAX_V4 ? null : v4(low + 1);
        }
        if (low != -1L) {
            return v6(high, low + 1);
        }
        return high == -1L ? null : v6(high + 1, 0);
    }

    /** The address before this one; null before the first of its family. */
    public @Nullable IpAddress previous() {
        if (!v6) {
            return low == 0 ? null : v4(low - 1);
        }
        if (low != 0) {
            return v6(high, low - 1);
        }
        return high == 0 ? null : v6(high - 1, -1L);
    }

    /** The first address of the prefix of this length around this one. */
    IpAddress masked(int bits) {
        if (!v6) {
            return v4(bits == 0 ? 0 : low & (MAX_V4 << (32 - bits)));
        }
        return v6(high & upper(bits), low & upper(bits - 64));
    }

    /** The last address of the prefix of this length around this one. */
    IpAddress filled(int bits) {
        if (!v6) {
            return v4(bits == 32 ? low : low | (MAX_V4 >>> bits));
        }
        return v6(high | ~upper(bits), low | ~upper(bits - 64));
    }

    /** That many upper bits of 64. */
    private static long upper(int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= 64 ? -1L : -1L << (64 - bits);
    }

    @Override
    public int compareTo(IpAddress other) {
        if (v6 != other.v6) {
            return v6 ? 1 : -1;
        }
        int upper = Long.compareUnsigned(high, other.high);
        return upper != 0 ? upper : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return v6 ? Ipv6Text.write(high, low) : dotted(low);
    }

    static String dotted(long bits) {
        return (bits >>> 24 & 255) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }

    /** The 32 bits; -1 if the text is no IPv4 address. */
    static long ipv4(String text) {
        long bits = 0;
        int at = 0;
        for (int octet = 0; octet < 4; octet++) {
            int start = at;
            int value = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - start < 3) {
                value = value * 10 + text.charAt(at) - '0';
                at++;
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || leadingZero || value > 255) {
                return -1;
            }
            bits = bits << 8 | value;
            if (octet < 3) {
                if (at >= text.length() || text.charAt(at) != '.') {
                    return -1;
                }
                at++;
            }
        }
        return at == text.length() ? bits : -1;
    }
}
