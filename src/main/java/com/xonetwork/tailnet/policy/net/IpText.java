package com.xonetwork.tailnet.policy.net;

import org.jspecify.annotations.Nullable;

/** Reads addresses as Go's {@code netip.ParseAddr} does, without zones. */
final class IpText {

    private static final int GROUPS = 8;

    private IpText() {}

    static @Nullable Ip ipv4(String text) {
        long bits = 0;
        int octets = 0;
        int at = 0;
        while (at < text.length() && octets < 4) {
            int end = text.indexOf('.', at);
            end = end < 0 ? text.length() : end;
            int octet = octet(text, at, end);
            if (octet < 0) {
                return null;
            }
            bits = bits << 8 | octet;
            octets++;
            at = end + 1;
        }
        // A dot at the end leaves `at` at the length, the last octet one beyond it.
        return octets == 4 && at == text.length() + 1 ? Ip.v4(bits) : null;
    }

    private static int octet(String text, int start, int end) {
        if (end - start < 1 || end - start > 3 || (end - start > 1 && text.charAt(start) == '0')) {
            return -1;
        }
        int value = 0;
        for (int at = start; at < end; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value > 255 ? -1 : value;
    }

    static @Nullable Ip ipv6(String text) {
        int gap = text.indexOf("::");
        int[] groups = new int[GROUPS];
        if (gap < 0) {
            return groups(text, groups) == GROUPS ? ip(groups, GROUPS, new int[0], 0) : null;
        }
        int[] tail = new int[GROUPS];
        int before = gap == 0 ? 0 : groups(text.substring(0, gap), groups);
        String rest = text.substring(gap + 2);
        int after = rest.isEmpty() ? 0 : groups(rest, tail);
        // "::" stands for at least one group.
        boolean dottedHead = before > 0 && text.lastIndexOf('.', gap) >= 0;
        return before < 0 || after < 0 || dottedHead || before + after >= GROUPS
                ? null
                : ip(groups, before, tail, after);
    }

    private static Ip ip(int[] head, int heads, int[] tail, int tails) {
        int[] all = new int[GROUPS];
        System.arraycopy(head, 0, all, 0, heads);
        System.arraycopy(tail, 0, all, GROUPS - tails, tails);
        return Ip.v6(half(all, 0), half(all, 4));
    }

    private static long half(int[] groups, int from) {
        return (long) groups[from] << 48
                | (long) groups[from + 1] << 32
                | (long) groups[from + 2] << 16
                | groups[from + 3];
    }

    /** How many groups the text has, -1 if it is wrong. The last two may be written as an IPv4 address. */
    private static int groups(String text, int[] into) {
        int count = 0;
        int at = 0;
        while (at <= text.length()) {
            int end = text.indexOf(':', at);
            boolean last = end < 0;
            end = last ? text.length() : end;
            if (last && text.indexOf('.', at) >= 0) {
                Ip dotted = ipv4(text.substring(at));
                if (dotted == null || count > GROUPS - 2) {
                    return -1;
                }
                into[count] = (int) (dotted.low() >> 16);
                into[count + 1] = (int) (dotted.low() & 0xFFFF);
                return count + 2;
            }
            int group = hex(text, at, end);
            if (group < 0 || count == GROUPS) {
                return -1;
            }
            into[count++] = group;
            at = end + 1;
        }
        return count;
    }

    private static int hex(String text, int start, int end) {
        if (end - start < 1 || end - start > 4) {
            return -1;
        }
        int value = 0;
        for (int at = start; at < end; at++) {
            int digit = Character.digit(text.charAt(at), 16);
            if (digit < 0 || text.charAt(at) > 'f') {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
