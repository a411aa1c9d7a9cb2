package com.xonetwork.tailnet.leadership;

/** A write was not made, because another replica may lead by now. The process is about to end. */
public final class LeadershipLost extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    LeadershipLost() {
        super("not written: the Lease was not renewed in time, another replica may lead");
    }
}
