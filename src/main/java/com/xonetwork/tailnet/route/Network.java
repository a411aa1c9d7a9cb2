package com.xonetwork.tailnet.route;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A network as routes name it. Two spellings of one network are the same network. */
public record Network(IPAddress block) implements Comparable<Network> {

    /** Addresses in full, with a prefix length: not 10.1, which the JDK and others take for an address. */
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .allowWildcardedSeparator(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .getParentBuilder()
            .toParams();

    /** Empty if the text is not a valid CIDR. */
    static Optional<Network> of(String cidr) {
        var address = new IPAddressString(cidr, STRICT).getAddress();
        return address == null || !address.isPrefixed()
                ? Optional.empty()
                : Optional.of(new Network(address.toPrefixBlock()));
    }

    static boolean hasHostBits(String cidr) {
        var address = new IPAddressString(cidr, STRICT).getAddress();
        return address != null && address.isPrefixed() && !address.isPrefixBlock();
    }

    /** The usual spelling of a CIDR; what is no CIDR stays as it is. */
    public static String canonical(String cidr) {
        return of(cidr).map(Network::toString).orElse(cidr);
    }

    public static SortedSet<String> canonical(Collection<String> cidrs) {
        var canonical = new TreeSet<String>();
        cidrs.forEach(cidr -> canonical.add(canonical(cidr)));
        return canonical;
    }

    boolean isDefaultRoute() {
        return block.getNetworkPrefixLength() == 0;
    }

    boolean contains(Network other) {
        return block.contains(other.block);
    }

    /** RFC 5952 for IPv6. */
    @Override
    public String toString() {
        return block.toCanonicalString();
    }

    /** A network comes right before those inside it. */
    @Override
    public int compareTo(Network other) {
        var byStart = block.getLower()
                .withoutPrefixLength()
                .compareTo(other.block.getLower().withoutPrefixLength());
        return byStart != 0
                ? byStart
                : Integer.compare(block.getNetworkPrefixLength(), other.block.getNetworkPrefixLength());
    }
}
