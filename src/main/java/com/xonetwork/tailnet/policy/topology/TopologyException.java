package com.xonetwork.tailnet.policy.topology;

/** A topology that cannot be read. The message begins with the place and is written for who wrote the file. */
public final class TopologyException extends IllegalArgumentException {

    public TopologyException(String message) {
        super(message);
    }
}
