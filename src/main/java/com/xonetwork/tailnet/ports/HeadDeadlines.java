package com.xonetwork.tailnet.ports;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;

/**
 * Gives each connection that this process accepts its {@link HeadDeadline}. Netty finds it as a service, where the system property
 * {@value #PROPERTY} says so: neither Quarkus nor Vert.x lets anybody else near a connection before its first request.
 */
public final class HeadDeadlines extends ChannelInitializerExtension {

    private static final String PROPERTY = "io.netty.bootstrap.extensions";

    private final AwaitedHeads heads = new AwaitedHeads();

    /** To be called before anything connects or listens: Netty asks once. */
    public static void switchOn() {
        System.setProperty(PROPERTY, "serviceload");
    }

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        channel.pipeline().addFirst(new HeadDeadline(heads));
    }
}
