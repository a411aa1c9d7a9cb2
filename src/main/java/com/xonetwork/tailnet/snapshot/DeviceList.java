package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Device;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A tailnet's devices as one poll found them, indexed by what resources look them up by. Immutable. */
public final class DeviceList {

    private final Map<String, Device> byId;
    private final Names names;
    private final Moment takenAt;

    /** Ids by what devices are looked up by. Shared by lists that differ in other fields only. */
    private record Names(Map<String, String> byLegacyId, Map<String, List<String>> byName) {

        static Names of(Collection<Device> devices) {
            var names = new Names(new HashMap<>(), new HashMap<>());
            for (var device : devices) {
                if (device.legacyId() != null) {
                    names.byLegacyId.put(device.legacyId(), device.id());
                }
                for (var name : namesOf(device)) {
                    names.byName
                            .computeIfAbsent(name, unused -> new ArrayList<>(1))
                            .add(device.id());
                }
            }
            return names;
        }
    }

    private DeviceList(Map<String, Device> byId, Names names, Moment takenAt) {
        this.byId = Collections.unmodifiableMap(byId);
        this.names = names;
        this.takenAt = takenAt;
    }

    public static DeviceList of(Collection<Device> devices, Instant takenAt) {
        return of(devices, new Moment(takenAt, takenAt));
    }

    static DeviceList of(Collection<Device> devices, Moment takenAt) {
        var byId = new LinkedHashMap<String, Device>();
        devices.forEach(device -> byId.put(device.id(), device));
        return new DeviceList(byId, Names.of(byId.values()), takenAt);
    }

    /** When the request for the list was sent: what happened later may be missing from it. */
    public Instant takenAt() {
        return takenAt.wall();
    }

    /**
     * Whether it was taken longer ago than that. One of the two clocks saying so is enough: the machine's can have been set back, and
     * the steady one stands still while the machine is suspended.
     */
    boolean isOlderThan(Duration age, Moment now) {
        return takenAt.wall().plus(age).isBefore(now.wall())
                || takenAt.steady().plus(age).isBefore(now.steady());
    }

    public Collection<Device> devices() {
        return byId.values();
    }

    public int size() {
        return byId.size();
    }

    /** By either of its ids. */
    public Optional<Device> byId(String id) {
        var device = byId.get(id);
        return device != null
                ? Optional.of(device)
                : Optional.ofNullable(names.byLegacyId.get(id)).map(byId::get);
    }

    /** All own devices (none shared in) that answer to a host name. */
    public List<Device> called(String hostname) {
        return names.byName.getOrDefault(hostname.toLowerCase(Locale.ROOT), List.of()).stream()
                .flatMap(id -> Stream.ofNullable(byId.get(id)))
                .filter(device -> !device.external())
                .toList();
    }

    DeviceList with(String deviceId, UnaryOperator<Device> change) {
        var device = byId.get(deviceId);
        if (device == null) {
            return this;
        }
        var next = change.apply(device);
        var changed = new LinkedHashMap<>(byId);
        changed.put(deviceId, next);
        var sameNames = namesOf(next).equals(namesOf(device));
        return new DeviceList(changed, sameNames ? names : Names.of(changed.values()), takenAt);
    }

    DeviceList without(String deviceId) {
        var changed = new LinkedHashMap<>(byId);
        return changed.remove(deviceId) == null ? this : new DeviceList(changed, Names.of(changed.values()), takenAt);
    }

    /** Devices of either list that the other lacks or shows otherwise; both forms of a changed one. */
    static Set<Device> differences(DeviceList before, DeviceList after) {
        var changed = new LinkedHashSet<Device>();
        for (var device : after.devices()) {
            var old = before.byId.get(device.id());
            if (old == null || !old.sameObservation(device)) {
                changed.add(device);
                if (old != null) {
                    changed.add(old);
                }
            }
        }
        for (var device : before.devices()) {
            if (!after.byId.containsKey(device.id())) {
                changed.add(device);
            }
        }
        return changed;
    }

    private static Set<String> namesOf(Device device) {
        var names = new LinkedHashSet<String>();
        names.add(device.name().toLowerCase(Locale.ROOT));
        names.add(device.hostname().toLowerCase(Locale.ROOT));
        return names;
    }
}
