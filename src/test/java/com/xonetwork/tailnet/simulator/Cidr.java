package com.xonetwork.tailnet.simulator;

import java.net.InetAddress;
import java.util.Optional;

/** A network prefix, as far as routes and auto-approvers need it. */
record Cidr(byte[] address, int bits) {

    static Optional<Cidr> parse(String text) {
        var slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            // A literal only: a host name here must not become a DNS query.
            var address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
            var bits = Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > address.length * 8 ? Optional.empty() : Optional.of(new Cidr(address, bits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean isDefaultRoute() {
        return bits == 0;
    }

    boolean contains(Cidr other) {
        if (address.length != other.address.length || bits > other.bits) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (bitAt(address, bit) != bitAt(other.address, bit)) {
                return false;
            }
        }
        return true;
    }

    private static int bitAt(byte[] address, int bit) {
        return (address[bit / 8] >> (7 - bit % 8)) & 1;
    }
}
