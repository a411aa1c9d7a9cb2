package com.xonetwork.tailnet.policy.model;

import java.util.Optional;

/**
 * Addresses that share their first bits.
 *
 * @param address as written; bits after the length may be set
 * @param bits the length, 0 to 32 or 128
 */
public record IpPrefix(IpAddress address, int bits) {

    public static Optional<IpPrefix> parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        String length = text.substring(slash + 1);
        boolean digits = !length.isEmpty()
                && length.length() <= 3
                && length.chars().allMatch(c -> c >= '0' && c <= '9')
                && (length.length() == 1 || length.charAt(0) != '0');
        if (!digits) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(length);
        return IpAddress.parse(text.substring(0, slash))
                .filter(address -> bits <= address.width())
                .map(address -> new IpPrefix(address, bits));
    }

    /**
     * For constants and for what was already checked.
     *
     * @throws IllegalArgumentException if it is no prefix
     */
    public static IpPrefix of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("no IP prefix: " + text));
    }

    public IpPrefix masked() {
        return new IpPrefix(address.masked(bits), bits);
    }

    public IpRange range() {
        return new IpRange(address.masked(bits), address.filled(bits));
    }

    /** Whether it holds one address only. */
    public boolean isSingle() {
        return bits == address.width();
    }

    @Override
    public String toString() {
        return address + "/" + bits;
    }
}
