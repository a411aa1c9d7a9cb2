package com.xonetwork.tailnet.controlplane.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Addresses that a control plane can never have. The URL comes from a resource, the operator sits inside the cluster: a
 * name that leads to a cloud's metadata service would make the operator fetch credentials for its author. Private and
 * loopback addresses stay allowed: Headscale often runs beside the operator.
 */
final class AddressRules {

    /** AWS, Azure, Google and most others; Alibaba; AWS over IPv6. Link-local ones are covered by their range as well. */
    private static final Set<InetAddress> METADATA = Set.of(
            literal(169, 254, 169, 254),
            literal(100, 100, 100, 200),
            literal(0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54));

    /** RFC 6052: these carry an IPv4 address in their last four bytes, which a NAT64 gateway would reach. */
    private static final byte[] NAT64_PREFIX = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    private static final byte[] IPV4_COMPATIBLE_PREFIX = new byte[12];

    /** Those of the addresses that may be connected to, in their order. */
    List<InetAddress> permitted(List<InetAddress> addresses) {
        return addresses.stream().filter(this::isPermitted).toList();
    }

    private boolean isPermitted(InetAddress address) {
        return !isForbidden(address) && !isForbidden(embeddedIpv4(address));
    }

    private static boolean isForbidden(InetAddress address) {
        return address.isLinkLocalAddress()
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
