package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Device;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Routers of which the control plane said that their machine does not forward IP packets: what such a router advertises does
 * not serve anybody, though the device list shows nothing of it. It is told by webhook only ({@code
 * subnetIPForwardingNotEnabled}, {@code exitNodeIPForwardingNotEnabled}), never taken back, and therefore forgotten after a day.
 * In memory only: a hint for a message, nothing is decided on it.
 */
@Singleton
public final class IpForwardingReports {

    /** Nobody says when it was put right; an accusation should not outlive that by much. */
    static final Duration MEMORY = Duration.ofHours(24);

    static final int MOST = 10_000;

    private final Clock clock;
    private final Map<Report, Instant> reportedAt = new LinkedHashMap<>();

    public IpForwardingReports(Clock clock) {
        this.clock = clock;
    }

    /** As what the device was to forward. */
    public enum Role {
        SUBNET_ROUTER,
        EXIT_NODE
    }

    private record Report(TailnetKey tailnet, String deviceId, Role role) {}

    /** The control plane says so now. */
    public synchronized void reported(TailnetKey tailnet, String deviceId, Role role) {
        forgetOld();
        var report = new Report(tailnet, deviceId, role);
        // Moved to the end: the map is in the order of time.
        reportedAt.remove(report);
        if (reportedAt.size() >= MOST) {
            reportedAt.remove(reportedAt.keySet().iterator().next());
        }
        reportedAt.put(report, clock.instant());
    }

    /** When it was last said of the device; empty when it was not said within a day. */
    public synchronized Optional<Instant> reportedAt(TailnetKey tailnet, Device device, Role role) {
        forgetOld();
        return Optional.ofNullable(reportedAt.get(new Report(tailnet, device.id(), role)))
                .or(() -> Optional.ofNullable(device.legacyId())
                        .map(id -> reportedAt.get(new Report(tailnet, id, role))));
    }

    /** Nothing is known of the tailnet any more. */
    public synchronized void forget(TailnetKey tailnet) {
        reportedAt.keySet().removeIf(report -> report.tailnet().equals(tailnet));
    }

    private void forgetOld() {
        var oldest = clock.instant().minus(MEMORY);
        for (Iterator<Instant> times = reportedAt.values().iterator(); times.hasNext(); ) {
            if (!times.next().isBefore(oldest)) {
                return;
            }
            times.remove();
        }
    }
}
