package com.xonetwork.tailnet.controlplane;

import inet.ipaddr.IPAddressString;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Addresses that a control plane can never have. The URL comes from a resource, the operator sits inside the cluster: a
 * name that leads to a cloud's metadata service would make the operator fetch credentials for its author. Private and
 * loopback addresses stay allowed: Headscale often runs beside the operator. Machines that are reached over SSH have the same rules.
 */
public final class AddressRules {

    /**
     * Metadata services of AWS, Azure, Google and most others, of Alibaba and of Oracle, and Azure's host agent. Over IPv6 those of
     * Google, Oracle, Alibaba, Scaleway and Akamai; AWS's are in {@link #AWS_PREFIX}. Link-local ones are covered by their range as well.
     */
    private static final Set<InetAddress> METADATA = Set.of(
            InetAddress.ofLiteral("169.254.169.254"),
            InetAddress.ofLiteral("100.100.100.200"),
            InetAddress.ofLiteral("192.0.0.192"),
            InetAddress.ofLiteral("168.63.129.16"),
            InetAddress.ofLiteral("fd20:ce::254"),
            InetAddress.ofLiteral("fd00:c1::a9fe:a9fe"),
            InetAddress.ofLiteral("fd00:100::100:200"),
            InetAddress.ofLiteral("fd00:42::42"),
            InetAddress.ofLiteral("fd00:a9fe:a9fe::1"));

    /**
     * What is forbidden, for what can compare blocks only: link-local, Alibaba, Oracle, Azure's host agent. Multicast and unspecified
     * addresses are left out: there is no TCP to them.
     */
    public static final List<String> FORBIDDEN_IPV4_BLOCKS =
            List.of("169.254.0.0/16", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32");

    /**
     * As {@link #FORBIDDEN_IPV4_BLOCKS}: link-local, all of AWS's services, the metadata services of others, and the blocks above behind
     * NAT64 and 6to4. A NAT64 prefix of one's own is in it as a whole, for where an address stands in it is not known.
     */
    public static final List<String> FORBIDDEN_IPV6_BLOCKS = List.of(
            "fe80::/10",
            "fd00:ec2::/32",
            "fd20:ce::254/128",
            "fd00:c1::a9fe:a9fe/128",
            "fd00:100::100:200/128",
            "fd00:42::42/128",
            "fd00:a9fe:a9fe::1/128",
            "64:ff9b::a9fe:0/112",
            "64:ff9b::6464:64c8/128",
            "64:ff9b::c000:c0/128",
            "64:ff9b::a83f:8110/128",
            "64:ff9b:1::/48",
            "2002:a9fe::/32",
            "2002:6464:64c8::/48",
            "2002:c000:c0::/48",
            "2002:a83f:8110::/48");

    /** fd00:ec2::/32: metadata, credentials of EKS pods, name servers, clocks. */
    private static final byte[] AWS_PREFIX = {(byte) 0xfd, 0, 0x0e, (byte) 0xc2};

    /** RFC 6052: these carry an IPv4 address in their last four bytes, which a NAT64 gateway would reach. */
    private static final byte[] NAT64_PREFIX = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    /** RFC 8215: as above, for a gateway of one's own; the length of the prefix is its owner's choice. */
    private static final byte[] LOCAL_NAT64_PREFIX = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 1};

    /** RFC 3056 (6to4): the IPv4 address of the relay's other side follows. */
    private static final byte[] SIX_TO_FOUR_PREFIX = {0x20, 0x02};

    private static final byte[] IPV4_COMPATIBLE_PREFIX = new byte[12];

    /** What a {@link #isForbidden forbidden} address is, for a message: {@code 169.254.1.1 is ...}. */
    public static final String FORBIDDEN = "a link-local or multicast address or a cloud's metadata service";

    /**
     * Whether a host is a literal address that neither a control plane nor a machine can have. What a name leads to is not known here:
     * whoever connects asks {@link #permitted} about it.
     *
     * @param host a name or an address, also in the forms that only inet_aton of the C library reads ({@code 0xA9FEA9FE})
     */
    public static boolean isForbidden(String host) {
        var address = new IPAddressString(host).getAddress();
        if (address == null || address.isMultiple() || address.isPrefixed()) {
            return false;
        }
        var inet = address.toInetAddress();
        if (inet == null) {
            // Of a zone that is no interface here: link-local addresses have zones.
            return true;
        }
        // Through its text: then an IPv4 address that is mapped into IPv6 is an IPv4 address.
        var literal = InetAddress.ofLiteral(inet.getHostAddress());
        return new AddressRules().permitted(List.of(literal)).isEmpty();
    }

    /** Those of the addresses that may be connected to, in their order. */
    public List<InetAddress> permitted(List<InetAddress> addresses) {
        return addresses.stream().filter(this::isPermitted).toList();
    }

    private boolean isPermitted(InetAddress address) {
        return !isForbidden(address)
                && !isForbidden(embeddedIpv4(address))
                && embeddedElsewhere(address).noneMatch(AddressRules::isForbidden);
    }

    private static Stream<InetAddress> embeddedElsewhere(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == 4) {
            return Stream.of();
        }
        if (Arrays.equals(Arrays.copyOf(bytes, 2), SIX_TO_FOUR_PREFIX)) {
            return Stream.of(literal(bytes[2], bytes[3], bytes[4], bytes[5]));
        }
        // RFC 6052, section 2.2: prefixes of 48, 56, 64 and 96 bits; the ninth byte is none of the address's.
        return Arrays.equals(Arrays.copyOf(bytes, 6), LOCAL_NAT64_PREFIX)
                ? Stream.of(
                                literal(bytes[6], bytes[7], bytes[9], bytes[10]),
                                literal(bytes[7], bytes[9], bytes[10], bytes[11]),
                                literal(bytes[9], bytes[10], bytes[11], bytes[12]),
                                literal(bytes[12], bytes[13], bytes[14], bytes[15]))
                        // What a prefix of another length leaves out.
                        .filter(candidate -> !candidate.isAnyLocalAddress())
                : Stream.of();
    }

    private static boolean isForbidden(InetAddress address) {
        return address.isLinkLocalAddress()
                || Arrays.equals(Arrays.copyOf(address.getAddress(), 4), AWS_PREFIX)
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || METADATA.contains(address);
    }

    private static InetAddress embeddedIpv4(InetAddress address) {
        var bytes = address.getAddress();
        if (address instanceof Inet4Address || address.isLoopbackAddress()) {
            return address;
        }
        var prefix = Arrays.copyOf(bytes, 12);
        if (!Arrays.equals(prefix, NAT64_PREFIX) && !Arrays.equals(prefix, IPV4_COMPATIBLE_PREFIX)) {
            return address;
        }
        return literal(bytes[12], bytes[13], bytes[14], bytes[15]);
    }

    private static InetAddress literal(int... octets) {
        var bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 octets", e);
        }
    }
}
