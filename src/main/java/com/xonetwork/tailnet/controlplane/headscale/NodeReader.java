package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DeviceRoutes;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.KeyJson;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.NodeJson;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.UserJson;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns Headscale's node into our device. */
final class NodeReader {

    /** The list shows this user for a tagged node; read alone, the node has none. */
    private static final String NOBODY = "tagged-devices";

    /** The device; empty when it has no id to address it by. */
    Optional<Device> read(NodeJson json) {
        if (json.id() == null || json.id().isBlank()) {
            return Optional.empty();
        }
        boolean connected = Boolean.TRUE.equals(json.online());
        var expiry = instant(json.expiry());
        var hostname = json.name() == null ? "" : json.name();
        var tags = sorted(json.tags());
        return Optional.of(new Device(
                json.id(),
                null,
                json.givenName() == null || json.givenName().isBlank() ? hostname : json.givenName(),
                hostname,
                list(json.ipAddresses()),
                "",
                tags,
                tags.isEmpty() ? owner(json.user()) : null,
                // A node that is in the list was let in; there is no state before that.
                true,
                connected,
                // "Never" is all that there is to "switched off": no date is kept for later.
                expiry == null,
                expiry,
                connected ? null : instant(json.lastSeen()),
                instant(json.createdAt()),
                false,
                isEphemeral(json.preAuthKey()),
                sorted(json.availableRoutes()),
                sorted(json.approvedRoutes()),
                sorted(json.subnetRoutes())));
    }

    /** {@code subnetRoutes} is no help: it leaves approved exit routes out. */
    DeviceRoutes routes(NodeJson json) {
        return new DeviceRoutes(sorted(json.availableRoutes()), sorted(json.approvedRoutes()));
    }

    /** The zero date {@code 0001-01-01T00:00:00Z} means "none", as {@code null} does. */
    static @Nullable Instant instant(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            var instant = OffsetDateTime.parse(text).toInstant();
            return instant.isAfter(Instant.EPOCH) ? instant : null;
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

    private static @Nullable String owner(@Nullable UserJson user) {
        var name = user == null ? null : user.name();
        return name == null || name.isBlank() || name.equals(NOBODY) ? null : name;
    }

    private static boolean isEphemeral(@Nullable KeyJson joinedWith) {
        return joinedWith != null && Boolean.TRUE.equals(joinedWith.ephemeral());
    }
}
