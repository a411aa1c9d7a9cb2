package com.xonetwork.tailnet.service;

import inet.ipaddr.HostName;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where requests come from, for limits by address. Behind a proxy everybody has the proxy's address. So of a proxy that the
 * operator's owner trusts it is believed from where it got the request, and of nobody else: callers can write any header.
 */
public final class ClientAddresses {

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    /** Proxies one behind the other: nobody has as many. */
    private static final int MOST_HOPS = 16;
    /** One subscriber has as much of IPv6, and could have another address for each request. */
    private static final int SUBSCRIBER_BITS = 64;

    private final List<IPAddress> trusted;

    /**
     * @param trusted addresses and CIDRs of proxies
     * @throws IllegalArgumentException when one is neither
     */
    public ClientAddresses(Collection<String> trusted) {
        this.trusted = trusted.stream().map(ClientAddresses::network).toList();
    }

    private static IPAddress network(String text) {
        // To the library "" is the machine itself, and "*" any address.
        var parsed = text.isBlank() ? null : new IPAddressString(text.strip()).getAddress();
        if (parsed == null || parsed.isMultiple() && !parsed.isPrefixed()) {
            throw new IllegalArgumentException("trusted proxy " + text
                    + " is neither an address nor a CIDR: correct tailnet-operator.service.trusted-proxies (chart:"
                    + " service.trustedProxies)");
        }
        return parsed.toPrefixBlock();
    }

    /** @return an IPv4 address, or the /64 network of an IPv6 address; what the connection says when that is no address */
    public String of(HttpServerRequest request) {
        return of(
                request.connection().remoteAddress().hostAddress(),
                request.headers().getAll(FORWARDED_FOR));
    }

    /**
     * The last address in the headers that is not a trusted proxy's. What stands before it was written by it, or by somebody else
     * before it, and can be anything.
     *
     * @param peer of the connection
     * @param forwarded values of the header, which can be there several times
     */
    String of(String peer, List<String> forwarded) {
        var from = address(peer);
        if (from == null) {
            return peer;
        }
        var hops = isTrusted(from) ? hops(forwarded) : List.<String>of();
        for (var i = hops.size() - 1; i >= 0 && isTrusted(from); i--) {
            var before = address(hops.get(i));
            if (before == null) {
                break;
            }
            from = before;
        }
        return from.isIPv6() ? from.toPrefixBlock(SUBSCRIBER_BITS).toCanonicalString() : from.toCanonicalString();
    }

    private static List<String> hops(List<String> headers) {
        var hops = new ArrayList<String>();
        headers.forEach(header -> hops.addAll(List.of(header.split(",", -1))));
        return hops.subList(Math.max(0, hops.size() - MOST_HOPS), hops.size());
    }

    private boolean isTrusted(IPAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    /** Some proxies write a port too. Never asks a name server. */
    private static @Nullable IPAddress address(String text) {
        var address = text.isBlank() ? null : new HostName(text.strip()).asAddress();
        if (address == null || address.isMultiple()) {
            return null;
        }
        var plain = address.isIPv6() ? address.toIPv6().removeZone() : address;
        return plain.isIPv6() && plain.toIPv6().isIPv4Mapped()
                ? plain.toIPv6().getEmbeddedIPv4Address()
                : plain.withoutPrefixLength();
    }
}
