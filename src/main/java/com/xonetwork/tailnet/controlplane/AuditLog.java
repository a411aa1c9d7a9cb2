package com.xonetwork.tailnet.controlplane;

import java.time.Instant;
import java.util.Optional;

/** The service's log of who changed what. */
public non-sealed interface AuditLog extends Port {

    /**
     * Who made the last change to a device that the service knows of, as a human would look for it: a login name or the
     * like, and through what. Asked seldom: only to name whom we are in a fight with.
     *
     * @param since no change before it is of interest
     * @return empty when the log has no such change
     */
    Optional<String> lastEditor(String deviceId, Instant since, Instant until);
}
