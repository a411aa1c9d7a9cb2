package com.xonetwork.tailnet.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The devices of the tailnet. Safe for use by several threads: every method sees and leaves a consistent whole. */
final class DeviceStore {

    /** An ephemeral device goes some time after it was last seen; the service only promises "30 minutes to 48 hours". */
    private static final Duration EPHEMERAL_GRACE = Duration.ofMinutes(30);

    private final Clock clock;
    private final String dnsSuffix;
    private final Supplier<Duration> keyLife;
    private final Watcher watcher;
    private final Map<String, SimDevice> byNodeId = new LinkedHashMap<>();
    private final Map<String, String> nodeIdByLegacyId = new HashMap<>();
    private final Map<String, String> nodeIdByName = new HashMap<>();
    private final Map<String, Instant> reservedNames = new HashMap<>();
    private Duration nameReservation = Duration.ZERO;
    private int added;
    private long version;

    DeviceStore(Clock clock, String dnsSuffix, Supplier<Duration> keyLife, Watcher watcher) {
        this.clock = clock;
        this.dnsSuffix = dnsSuffix;
        this.keyLife = keyLife;
        this.watcher = watcher;
    }

    /** Hears of every change, in its order: {@code before} is null for a device that came, {@code after} for one that went. */
    interface Watcher {
        void changed(@Nullable SimDevice before, @Nullable SimDevice after);
    }

    /** How long the name of a deleted device stays taken. */
    synchronized void reserveNamesFor(Duration time) {
        nameReservation = time;
    }

    /** Takes a device in; what its builder left open is filled in, and a taken name gets a suffix. */
    synchronized SimDevice add(SimDevice.Builder builder) {
        var number = ++added;
        var draft = builder.build();
        var now = clock.instant();
        var filled =
                draft.toBuilder().name(DeviceNames.free(DeviceNames.normalise(draft.name(), dnsSuffix), this::isTaken));
        if (draft.nodeId().isEmpty()) {
            filled.ids("n%06dCNTRL".formatted(number), Long.toString(92_960_000_000L + number));
        }
        if (draft.addresses().isEmpty()) {
            // Counts through 100.64.0.0/10 from its second /16, clear of the addresses that the service keeps to
            // itself.
            filled.addresses(
                    "100.%d.%d.%d".formatted(65 + (number >> 16), (number >> 8) & 0xff, number & 0xff),
                    "fd7a:115c:a1e0::%x:%x".formatted(number >> 16, number & 0xffff));
        }
        if (draft.created() == null && !draft.external()) {
            filled.created(now);
        }
        if (draft.expires() == null && !draft.keyExpiryDisabled()) {
            filled.expires(now.plus(keyLife.get()));
        }
        var device = filled.build();
        if (byNodeId.containsKey(device.nodeId())) {
            throw new IllegalArgumentException("there is a device " + device.nodeId() + " already");
        }
        put(device);
        watcher.changed(null, device);
        return device;
    }

    synchronized Optional<SimDevice> find(String deviceId) {
        return Optional.ofNullable(byNodeId.get(nodeIdByLegacyId.getOrDefault(deviceId, deviceId)));
    }

    /** Grows with every change. */
    synchronized long version() {
        return version;
    }

    synchronized List<SimDevice> all() {
        return new ArrayList<>(byNodeId.values());
    }

    /** Changes a device; nothing happens if there is none. Ids stay. */
    synchronized Optional<SimDevice> update(String deviceId, UnaryOperator<SimDevice> change) {
        return find(deviceId).map(before -> {
            var after = change.apply(before).toBuilder()
                    .ids(before.nodeId(), before.legacyId())
                    .build();
            nodeIdByName.remove(before.name());
            put(after);
            watcher.changed(before, after);
            return after;
        });
    }

    /**
     * Gives a device a name; an empty one means a fresh name from the host name.
     *
     * @throws ApiError when another device has it
     */
    synchronized Optional<SimDevice> rename(String deviceId, String wanted) {
        return update(
                deviceId,
                device -> device.toBuilder()
                        .name(nameFor(device, DeviceNames.normalise(wanted, dnsSuffix)))
                        .build());
    }

    private String nameFor(SimDevice device, String wanted) {
        if (wanted.isEmpty()) {
            var fromHost = DeviceNames.normalise(device.hostname(), dnsSuffix);
            return DeviceNames.free(fromHost, name -> takenByAnother(name, device));
        }
        if (takenByAnother(wanted, device)) {
            throw ApiError.badRequest("name \"" + wanted + "\" is already taken");
        }
        return wanted;
    }

    private boolean takenByAnother(String name, SimDevice device) {
        return isTaken(name) && !device.nodeId().equals(nodeIdByName.get(name));
    }

    private boolean isTaken(String name) {
        var reserved = reservedNames.get(name);
        return nodeIdByName.containsKey(name) || (reserved != null && reserved.isAfter(clock.instant()));
    }

    /** Takes the IPv4 address into use for the device, in place of the one that it has. */
    synchronized void setIpv4(String deviceId, String address) {
        var inUse = byNodeId.values().stream()
                .anyMatch(
                        device -> !device.hasId(deviceId) && device.addresses().contains(address));
        if (inUse) {
            throw ApiError.badRequest("address " + address + " is already in use");
        }
        update(deviceId, device -> {
            var addresses = new ArrayList<>(device.addresses());
            addresses.removeIf(other -> !other.contains(":"));
            addresses.addFirst(address);
            return device.toBuilder()
                    .addresses(addresses.toArray(String[]::new))
                    .build();
        });
    }

    /** Removes the ephemeral devices that nobody has seen for a while. */
    synchronized void removeIdleEphemeral() {
        var end = clock.instant().minus(EPHEMERAL_GRACE);
        for (var device : all()) {
            var lastSeen = device.lastSeen();
            if (device.ephemeral() && !device.connected() && lastSeen != null && !lastSeen.isAfter(end)) {
                remove(device.nodeId());
            }
        }
    }

    /** Ends a device's key now; one that ended before keeps its time, so that asking twice changes nothing. */
    synchronized Optional<SimDevice> expire(String deviceId) {
        var now = clock.instant();
        return update(
                deviceId,
                device -> expired(device, now)
                        ? device
                        : device.toBuilder().expires(now).build());
    }

    private static boolean expired(SimDevice device, Instant now) {
        var expires = device.expires();
        return expires != null && !expires.isAfter(now);
    }

    synchronized Optional<SimDevice> remove(String deviceId) {
        return find(deviceId).map(device -> {
            version++;
            byNodeId.remove(device.nodeId());
            nodeIdByLegacyId.remove(device.legacyId());
            nodeIdByName.remove(device.name());
            reservedNames.put(device.name(), clock.instant().plus(nameReservation));
            watcher.changed(device, null);
            return device;
        });
    }

    private void put(SimDevice device) {
        version++;
        byNodeId.put(device.nodeId(), device);
        nodeIdByLegacyId.put(device.legacyId(), device.nodeId());
        nodeIdByName.put(device.name(), device.nodeId());
    }
}
