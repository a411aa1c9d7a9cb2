package com.xonetwork.tailnet.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells the webhooks what happens to nodes, and what time alone does to their keys. */
final class NodeEvents {

    private static final Duration WARNING = Duration.ofDays(1);

    private final Clock clock;
    private final Webhooks webhooks;
    private final String dnsSuffix;
    private Instant looked;

    NodeEvents(Clock clock, Webhooks webhooks, String dnsSuffix) {
        this.clock = clock;
        this.webhooks = webhooks;
        this.dnsSuffix = dnsSuffix;
        looked = clock.instant();
    }

    /** A device came ({@code before} is null), went ({@code after} is null) or changed. */
    void changed(@Nullable SimDevice before, @Nullable SimDevice after) {
        if (after == null) {
            if (before != null) {
                tell("nodeDeleted", before, "deleted");
            }
            return;
        }
        if (before == null) {
            tell("nodeCreated", after, "created");
        }
        var wasApproved = before == null || before.authorized();
        if (wasApproved && !after.authorized()) {
            tell("nodeNeedsApproval", after, "needs approval");
        } else if (!wasApproved && after.authorized()) {
            tell("nodeApproved", after, "approved");
        }
    }

    /** Looks which keys ended, or came within a day of it, since the last look. */
    synchronized void lookForExpiry(DeviceStore devices) {
        var from = looked;
        looked = clock.instant();
        if (webhooks.isSilent()) {
            return;
        }
        for (var device : devices.all()) {
            var expires = device.expires();
            if (expires == null || device.keyExpiryDisabled()) {
                continue;
            }
            if (isIn(expires, from, looked)) {
                tell("nodeKeyExpired", device, "key expired");
            } else if (isIn(expires.minus(WARNING), from, looked)) {
                tell("nodeKeyExpiringInOneDay", device, "key expiring in one day");
            }
        }
    }

    private static boolean isIn(Instant time, Instant after, Instant upTo) {
        return time.isAfter(after) && !time.isAfter(upTo);
    }

    private void tell(String type, SimDevice device, String what) {
        webhooks.node(type, device, device.name() + "." + dnsSuffix, "Node " + device.name() + " " + what);
    }
}
