package com.xonetwork.tailnet.simulator;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The operations on devices. Every write replaces the whole value, as the service does. */
final class DeviceEndpoints {

    private static final Cidr TAILSCALE_RANGE = cidr("100.64.0.0/10");

    /** Tailscale's own services and ChromeOS's. */
    private static final List<Cidr> RESERVED =
            List.of(cidr("100.100.0.0/24"), cidr("100.100.100.0/24"), cidr("100.115.92.0/23"));

    private static final byte[] LIST_HEAD = "{\"devices\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LIST_TAIL = "]}".getBytes(StandardCharsets.UTF_8);

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    private final Profile profile;
    private final DeviceStore devices;
    private final DeviceJson json;
    private final TagRules tagRules;
    private final Map<String, Fragment> fragments = new ConcurrentHashMap<>();
    private final Map<String, Fragment> shortFragments = new ConcurrentHashMap<>();
    private volatile @Nullable WholeList lastList;

    DeviceEndpoints(Profile profile, DeviceStore devices, DeviceJson json, TagRules tagRules) {
        this.profile = profile;
        this.devices = devices;
        this.json = json;
        this.tagRules = tagRules;
    }

    /** A list as it was last written: pollers ask for the same again and again, and thousands of devices take time. */
    private record WholeList(long version, boolean allFields, Answer answer) {}

    Answer list(Call call) {
        var filters = new HashMap<>(call.query());
        filters.remove("fields");
        if (!filters.isEmpty()) {
            return write(filters, allFields(call));
        }
        // Read before the devices are: should one change meanwhile, the list is only written again too soon.
        var version = devices.version();
        var last = lastList;
        if (last == null || last.version() != version || last.allFields() != allFields(call)) {
            last = new WholeList(version, allFields(call), write(filters, allFields(call)));
            lastList = last;
        }
        return last.answer();
    }

    private Answer write(Map<String, List<String>> filters, boolean allFields) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(LIST_HEAD);
        var separator = "";
        for (var device : devices.all()) {
            if (filters.isEmpty() || json.matches(device, filters)) {
                body.writeBytes(separator.getBytes(StandardCharsets.UTF_8));
                body.writeBytes(fragment(device, allFields));
                separator = ",";
            }
        }
        body.writeBytes(LIST_TAIL);
        return Answer.json(body.toByteArray());
    }

    /** A device as it was last written. One of thousands changes at a time, and devices do not change in place. */
    private byte[] fragment(SimDevice device, boolean allFields) {
        var known = (allFields ? fragments : shortFragments)
                .compute(
                        device.nodeId(),
                        (id, before) -> before != null && before.device() == device
                                ? before
                                : new Fragment(device, Json.bytes(json.write(device, allFields))));
        return known.bytes();
    }

    private record Fragment(SimDevice device, byte[] bytes) {}

    Answer get(Call call) {
        return Answer.json(json.write(found(call), allFields(call)));
    }

    Answer delete(Call call) {
        if (found(call).external()) {
            throw new ApiError(501, "cannot delete devices outside of your tailnet");
        }
        devices.remove(call.parameter("deviceId")).ifPresent(gone -> {
            fragments.remove(gone.nodeId());
            shortFragments.remove(gone.nodeId());
        });
        return Answer.empty(200);
    }

    Answer expire(Call call) {
        devices.expire(manageable(call).nodeId()).orElseThrow(ApiError::noDevice);
        return Answer.empty(200);
    }

    Answer authorize(Call call) {
        var body = call.json();
        if (!body.path("authorized").isBoolean()) {
            throw ApiError.badRequest("invalid request body");
        }
        var authorized = body.path("authorized").booleanValue();
        if (!authorized && profile == Profile.MINIMAL) {
            throw ApiError.badRequest("deauthorizing a device is not supported");
        }
        return change(call, builder -> builder.authorized(authorized));
    }

    Answer name(Call call) {
        devices.rename(manageable(call).nodeId(), call.json().path("name").asText(""))
                .orElseThrow(ApiError::noDevice);
        return Answer.empty(200);
    }

    Answer tags(Call call) {
        var device = manageable(call);
        var requested = List.copyOf(new LinkedHashSet<>(Json.strings(call.json().path("tags"))));
        if (requested.isEmpty()) {
            if (!device.tags().isEmpty() && profile == Profile.SAAS) {
                throw ApiError.badRequest("tagged nodes cannot be untagged without reauth");
            }
            return Answer.empty(200);
        }
        tagRules.check(requested, call.caller());
        return change(call, builder -> builder.tags(requested));
    }

    Answer key(Call call) {
        var body = call.json();
        if (!body.path("keyExpiryDisabled").isBoolean()) {
            throw ApiError.badRequest("invalid request body");
        }
        var disabled = body.path("keyExpiryDisabled").booleanValue();
        if (!disabled && profile == Profile.MINIMAL) {
            manageable(call);
            return Answer.empty(200);
        }
        return change(call, builder -> builder.keyExpiryDisabled(disabled));
    }

    /** Breaks the machine's connections. The texts of these refusals are ours, but for the reserved address. */
    Answer ip(Call call) {
        var device = manageable(call);
        var address = call.json().path("ipv4").asText("");
        if (Cidr.parse(address + "/32").stream().noneMatch(TAILSCALE_RANGE::contains)) {
            throw ApiError.badRequest("bad IPv4 address: \"" + address + "\"");
        }
        if (isReserved(address)) {
            throw ApiError.badRequest("bad IPv4 address: address is reserved for use by Tailscale");
        }
        devices.setIpv4(device.nodeId(), address);
        return Answer.empty(200);
    }

    static boolean isReserved(String address) {
        return Cidr.parse(address + "/32").stream()
                .anyMatch(wanted -> RESERVED.stream().anyMatch(range -> range.contains(wanted)));
    }

    Answer routes(Call call) {
        return Answer.json(DeviceJson.routes(found(call)));
    }

    Answer setRoutes(Call call) {
        var routes = List.copyOf(new LinkedHashSet<>(Json.strings(call.json().path("routes"))));
        for (var route : routes) {
            if (Cidr.parse(route).isEmpty()) {
                throw ApiError.badRequest("invalid route \"" + route + "\"");
            }
        }
        change(call, builder -> builder.enabledRoutes(routes));
        return Answer.json(DeviceJson.routes(found(call)));
    }

    private Answer change(Call call, UnaryOperator<SimDevice.Builder> change) {
        devices.update(
                        manageable(call).nodeId(),
                        device -> change.apply(device.toBuilder()).build())
                .orElseThrow(ApiError::noDevice);
        return Answer.empty(200);
    }

    private SimDevice found(Call call) {
        return devices.find(call.parameter("deviceId")).orElseThrow(ApiError::noDevice);
    }

    /** A device that was shared in can be seen but not changed. */
    private SimDevice manageable(Call call) {
        var device = found(call);
        if (device.external()) {
            throw ApiError.noDevice();
        }
        return device;
    }

    private static boolean allFields(Call call) {
        return call.query("fields").equals("all");
    }
}
