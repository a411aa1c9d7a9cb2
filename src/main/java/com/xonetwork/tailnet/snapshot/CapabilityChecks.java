package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * When one control plane is asked what it can do: at first, after an outage, which may have been a restart with another version,
 * when a device contradicts what is known, and once in a while. What somebody said in its place does not stand for long. For one
 * thread.
 */
final class CapabilityChecks {

    /** After which it is asked again: it may have another version. */
    static final Duration LAST = Duration.ofMinutes(15);
    /** The same while there is a reason to doubt what is known. */
    static final Duration DOUBTED = Duration.ofMinutes(1);

    /** A service that has all the rest may lack log streaming, as where nobody set it up. */
    private static final Set<Capability> WHOLE = Set.copyOf(EnumSet.complementOf(EnumSet.of(Capability.LOG_STREAMING)));

    private static final Logger LOG = Logger.getLogger(CapabilityChecks.class);

    private final ControlPlane controlPlane;
    private final Clock clock;
    private @Nullable Instant askedAt;
    private Set<Capability> found = Set.of();
    private boolean doubted;
    private boolean contradicted;

    CapabilityChecks(ControlPlane controlPlane, Clock clock) {
        this.controlPlane = controlPlane;
        this.clock = clock;
    }

    /**
     * Asks, if it is time.
     *
     * @param failing whether the last list failed: then only the first question is asked
     * @return empty when nothing new is known
     * @throws ControlPlaneException when the first question of all has no answer. A later one that has none changes nothing: the
     *     list of devices is worth more, and what was known still is the best guess
     */
    Optional<Set<Capability>> ask(boolean failing) {
        var now = clock.instant();
        if (askedAt == null) {
            var capabilities = controlPlane.detectCapabilities();
            askedAt = now;
            return Optional.of(heard(capabilities));
        }
        if (failing || Duration.between(askedAt, now).abs().compareTo(doubted ? DOUBTED : LAST) < 0) {
            return Optional.empty();
        }
        askedAt = now;
        try {
            return Optional.of(heard(controlPlane.detectCapabilities()));
        } catch (ControlPlaneException e) {
            LOG.debugf("what a control plane can do could not be asked again: %s", e.getMessage());
            doubted = true;
            return Optional.empty();
        }
    }

    /** An answer that lacks something is asked for twice: it may be what a proxy said in place of a part. */
    private Set<Capability> heard(Set<Capability> capabilities) {
        doubted = !capabilities.equals(found) && !capabilities.containsAll(WHOLE);
        found = capabilities;
        return capabilities;
    }

    void failed(ControlPlaneException why) {
        doubted |= why instanceof ControlPlaneException.Unavailable;
    }

    /** A device that waits for an approval that the control plane is said not to have is a contradiction. It is followed once. */
    void listed(List<Device> devices) {
        var contradicts = !controlPlane.capabilities().contains(Capability.DEVICE_APPROVAL)
                && devices.stream().anyMatch(device -> !device.authorized());
        doubted |= contradicts && !contradicted;
        contradicted = contradicts;
    }
}
