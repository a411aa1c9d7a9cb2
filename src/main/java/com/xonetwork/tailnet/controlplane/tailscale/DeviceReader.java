package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.DeviceJson;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Turns the API's device into ours. What is absent has two meanings: Tailscale leaves out what is false or empty, a
 * service that speaks only a part of the API leaves out what it does not have.
 */
final class DeviceReader {

    /** Tailscale's and Headscale's stand-in for the owner of a tagged device. */
    private static final String NOBODY = "tagged-devices";

    /** Go's zero time and dates near it mean "none". */
    private static final Instant FIRST_REAL_DATE = Instant.EPOCH;

    private final boolean completeApi;
    private final boolean approvesAll;

    /**
     * @param completeApi whether the service is taken to speak the whole API, as Tailscale itself does
     * @param approvesAll whether it said that devices need no approval; what is not known is not granted
     */
    DeviceReader(boolean completeApi, boolean approvesAll) {
        this.completeApi = completeApi;
        this.approvesAll = approvesAll;
    }

    /** The device; empty when it has no id to address it by. */
    Optional<Device> read(DeviceJson json) {
        var legacyId = blankToNull(json.id());
        var nodeId = blankToNull(json.nodeId());
        var id = nodeId != null ? nodeId : legacyId;
        if (id == null) {
            return Optional.empty();
        }
        boolean keyExpiryDisabled = isTrue(json.keyExpiryDisabled());
        var lastSeen = instant(json.lastSeen());
        boolean connected = isConnected(json.connectedToControl(), lastSeen);
        var hostname = json.hostname() == null ? "" : json.hostname();
        return Optional.of(new Device(
                id,
                id.equals(legacyId) ? null : legacyId,
                firstLabel(json.name(), hostname),
                hostname,
                list(json.addresses()),
                json.os() == null ? "" : json.os(),
                sorted(json.tags()),
                owner(json.user()),
                json.authorized() == null ? !completeApi && approvesAll : json.authorized(),
                connected,
                keyExpiryDisabled,
                // The service keeps the old date for the day when expiry is switched on again; until then it says
                // nothing.
                keyExpiryDisabled ? null : instant(json.expires()),
                connected ? null : lastSeen,
                instant(json.created()),
                isTrue(json.external()),
                isTrue(json.ephemeral()),
                sorted(json.advertisedRoutes()),
                sorted(json.enabledRoutes()),
                null));
    }

    /** Headscale's /api/v2 has no such field; it leaves {@code lastSeen} out for a connected device, and only then. */
    private boolean isConnected(@Nullable Boolean connectedToControl, @Nullable Instant lastSeen) {
        if (connectedToControl != null) {
            return connectedToControl;
        }
        return !completeApi && lastSeen == null;
    }

    private static String firstLabel(@Nullable String name, String hostname) {
        if (name == null || name.isBlank()) {
            return hostname;
        }
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static @Nullable String owner(@Nullable String user) {
        return NOBODY.equals(user) ? null : blankToNull(user);
    }

    /** Tolerates {@code ""} (devices shared in), zero dates and, rather than losing the whole list, nonsense. */
    static @Nullable Instant instant(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            var instant = OffsetDateTime.parse(text).toInstant();
            return instant.isAfter(FIRST_REAL_DATE) ? instant : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    static SortedSet<String> sorted(@Nullable List<String> values) {
        return new TreeSet<>(list(values));
    }

    private static List<String> list(@Nullable List<String> values) {
        return values == null
                ? List.of()
                : values.stream().filter(Objects::nonNull).toList();
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
