package com.xonetwork.tailnet.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port of the loopback address that nobody listens on. It is below those that the kernel gives to outgoing connections (from 32768
 * on, by default): an operator that is killed and started again on its port would now and then find a connection there.
 */
public final class FreePort {

    private static final int FIRST = 20_000;
    /** Beyond are those of {@code hack/testbed}. */
    private static final int LAST = 26_000;

    private static final int TRIES = 1_000;
    /** Some are listened on only much later, or not all the time: they are nobody else's meanwhile. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /** One that is free and is given to nobody else in this process. */
    public static int find() {
        for (var tried = 0; tried < TRIES; tried++) {
            var port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (!GIVEN.add(port)) {
                continue;
            }
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: another one.
                continue;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + LAST);
    }
}
