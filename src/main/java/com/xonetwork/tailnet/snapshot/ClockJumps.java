package com.xonetwork.tailnet.snapshot;

import org.jboss.logging.Logger;

/** Says in the log that a machine's clock was set, or that the machine was suspended: what follows can look odd. */
final class ClockJumps {

    private static final Logger LOG = Logger.getLogger(ClockJumps.class);

    private ClockJumps() {}

    static void tell(TailnetKey tailnet, Moment before, Moment now) {
        now.jumpSince(before)
                .ifPresent(jump -> LOG.warnf(
                        "between two polls of tailnet %s this machine's clock went %s by %d s. It was set, or the machine was"
                                + " suspended. Nothing is decided on a list that is too old by either clock",
                        tailnet,
                        jump.isNegative() ? "back" : "forward",
                        jump.abs().toSeconds()));
    }
}
