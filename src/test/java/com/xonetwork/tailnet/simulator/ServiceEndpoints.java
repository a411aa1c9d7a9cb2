package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operations on Services: names with addresses of their own. Which devices serve them, and who approves that, is not
 * simulated. Requests are carried out one after the other, so nothing here is guarded.
 */
final class ServiceEndpoints {

    private static final String DO_NOT_VALIDATE = "do-not-validate";

    private final Map<String, ObjectNode> byName = new LinkedHashMap<>();
    private final DeviceStore devices;
    private int made;

    ServiceEndpoints(DeviceStore devices) {
        this.devices = devices;
    }

    Answer list(Call call) {
        var body = Json.object();
        byName.values().forEach(body.putArray("vipServices")::add);
        return Answer.json(body);
    }

    Answer get(Call call) {
        return Answer.json(found(call));
    }

    /** Makes a Service, or replaces it; another name in the body gives it that one. */
    Answer set(Call call) {
        var path = call.parameter("serviceName");
        var before = byName.get(path);
        var body = call.json();
        var name = body.path("name").asText(path);
        checkName(name, path, before != null);
        var service = Json.object().put("name", name);
        addresses(body, before).forEach(service.putArray("addrs")::add);
        Json.putIfText(service, "displayName", body.path("displayName").asText(""));
        Json.putIfText(service, "comment", body.path("comment").asText(""));
        Json.putIfAny(service, "ports", ports(body));
        Json.putIfAny(service, "tags", Json.strings(body.path("tags")));
        if (!body.path("annotations").isEmpty()) {
            service.set("annotations", body.path("annotations"));
        }
        byName.remove(path);
        byName.put(name, service);
        return Answer.json(service);
    }

    /** The texts of these refusals are ours. */
    private void checkName(String name, String path, boolean exists) {
        if (!name.matches("svc:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw ApiError.badRequest("invalid service name \"" + name + "\"");
        }
        if (!exists && !name.equals(path)) {
            throw ApiError.badRequest("service name does not match the path");
        }
        var label = name.substring("svc:".length());
        var taken = (!name.equals(path) && byName.containsKey(name))
                || devices.all().stream().anyMatch(device -> device.name().equals(label));
        if (taken) {
            throw ApiError.badRequest("name \"" + label + "\" is already taken");
        }
    }

    private List<String> addresses(ObjectNode body, @Nullable ObjectNode before) {
        var wanted = Json.strings(body.path("addrs"));
        if (before != null) {
            if (wanted.size() != 2) {
                throw ApiError.badRequest("when updating a service, addrs must contain 2 elements");
            }
            if (!wanted.getLast().equals(before.at("/addrs/1").asText())) {
                throw ApiError.badRequest("the IPv6 address of a service cannot be changed");
            }
            return wanted;
        }
        if (wanted.size() > 1 || wanted.stream().anyMatch(address -> address.contains(":"))) {
            throw ApiError.badRequest("when creating a new service, addrs must be empty or contain 1 IPv4 address");
        }
        var number = ++made;
        var addresses = new ArrayList<>(wanted);
        if (addresses.isEmpty()) {
            addresses.add("100.127.%d.%d".formatted(number >> 8, number & 0xff));
        }
        if (DeviceEndpoints.isReserved(addresses.getFirst())) {
            throw ApiError.badRequest("bad IPv4 address: address is reserved for use by Tailscale");
        }
        addresses.add("fd7a:115c:a1e0::ffff:%x".formatted(number));
        return addresses;
    }

    private static List<String> ports(ObjectNode body) {
        var ports = Json.strings(body.path("ports"));
        if (ports.isEmpty()) {
            throw ApiError.badRequest("ports are empty, use \"do-not-validate\" to opt out of port validation");
        }
        for (var port : ports) {
            if (!port.equals(DO_NOT_VALIDATE) && !port.matches("tcp:\\d{1,5}(-\\d{1,5})?")) {
                throw ApiError.badRequest("invalid port \"" + port + "\"");
            }
        }
        return ports;
    }

    Answer delete(Call call) {
        byName.remove(found(call).path("name").asText());
        return Answer.empty(200);
    }

    private ObjectNode found(Call call) {
        var service = byName.get(call.parameter("serviceName"));
        if (service == null) {
            throw new ApiError(404, "service not found");
        }
        return service;
    }
}
