package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.HealAction;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the role {@code xo.tailnet.tailscale} can do. */
public enum MachineAction {
    /** Installs, starts, and lets the machine join with a key; sets the preferences. Refuses one that is in a tailnet already. */
    JOIN(true),
    /** As {@link #JOIN}, and takes over a machine that is in a tailnet already. */
    ADOPT(true),
    /** As {@link #ADOPT}, and logs in anew although the machine may believe that it is in the tailnet. */
    REJOIN(true),
    /** Installs and starts where that is needed, and sets the preferences; never logs in. */
    CONFIGURE(false),
    /** Says what {@link #CONFIGURE} would change, and changes nothing. */
    PLAN(false),
    /** {@code tailscale up}, with the preferences that it has. */
    REUP(false),
    RESTART(false),
    /** Logs in anew with a key, with the preferences that it has. */
    REKEY(true),
    /**
     * Installs and starts what is missing, and logs in with a key where that is needed; with the preferences that the machine has, if it
     * has any.
     */
    REPROVISION(true),
    REBOOT(false);

    private final boolean needsKey;

    MachineAction(boolean needsKey) {
        this.needsKey = needsKey;
    }

    /** What a HealPolicy's remedy is here; {@code CONFIGURE} if it names none, for it has a template of its own then. */
    public static MachineAction of(@Nullable HealAction action) {
        return action == null
                ? CONFIGURE
                : switch (action) {
                    case REUP -> REUP;
                    case RESTART_TAILSCALED -> RESTART;
                    case REKEY -> REKEY;
                    case REPROVISION -> REPROVISION;
                    case REBOOT -> REBOOT;
                };
    }

    public boolean needsKey() {
        return needsKey;
    }

    /** As the role takes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
