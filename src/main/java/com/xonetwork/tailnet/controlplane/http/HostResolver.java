package com.xonetwork.tailnet.controlplane.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Turns a host name into addresses. A seam of its own because the address that was checked must be the one that is
 * connected to: a name that changes its answer between the two must gain nothing.
 */
@FunctionalInterface
public interface HostResolver {

    /** All addresses of the host, which may be an address already; may block. */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** The Java runtime's own resolver. */
    static HostResolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
