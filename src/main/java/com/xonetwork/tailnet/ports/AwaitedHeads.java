package com.xonetwork.tailnet.ports;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections over which the head of a request is awaited, few for each port: the oldest makes room, because a head that is meant
 * is there at once. So there is always room for the next request, whatever strangers hold open.
 */
final class AwaitedHeads {

    /** For each port. With the largest head, 32 KiB, that is 8 MiB. Less than the connections that a port may have. */
    static final int MOST = 256;

    /** By port; the oldest first. Ports are few, and the operator's own choice. */
    private final Map<Integer, Set<Channel>> awaited = new HashMap<>();

    void add(Channel channel) {
        var oldest = addAndFindOldest(channel);
        if (oldest != null) {
            oldest.close();
        }
    }

    private synchronized @Nullable Channel addAndFindOldest(Channel channel) {
        var ofPort = awaited.computeIfAbsent(port(channel), unused -> new LinkedHashSet<>());
        ofPort.add(channel);
        if (ofPort.size() <= MOST) {
            return null;
        }
        var oldest = ofPort.iterator().next();
        ofPort.remove(oldest);
        return oldest;
    }

    synchronized void remove(Channel channel) {
        var ofPort = awaited.get(port(channel));
        if (ofPort != null) {
            ofPort.remove(channel);
        }
    }

    synchronized int size(int port) {
        return awaited.getOrDefault(port, Set.of()).size();
    }

    private static int port(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }
}
