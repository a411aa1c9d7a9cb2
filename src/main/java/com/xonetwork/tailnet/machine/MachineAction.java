package com.xonetwork.tailnet.machine;

import java.util.Locale;

/** What the role {@code xo.tailnet.tailscale} can do. */
public enum MachineAction {
    /** Installs, starts, and lets the machine join with a key; all preferences. */
    JOIN(true),
    /** Installs and starts where that is needed, and sets the preferences; never logs in. */
    CONFIGURE(false);

    private final boolean needsKey;

    MachineAction(boolean needsKey) {
        this.needsKey = needsKey;
    }

    boolean needsKey() {
        return needsKey;
    }

    /** As the role takes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
