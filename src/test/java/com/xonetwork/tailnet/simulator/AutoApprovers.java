package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The policy's {@code autoApprovers}. Looked at when a device advertises, never afterwards: a policy that changes later
 * approves nothing that was advertised before.
 */
final class AutoApprovers {

    private AutoApprovers() {}

    /** The device with its new advertisement, and with those of its routes enabled that the policy approves for it. */
    static SimDevice advertise(SimDevice device, List<String> routes, JsonNode policy) {
        var enabled = new LinkedHashSet<>(device.enabledRoutes());
        for (var route : routes) {
            if (approved(device, route, policy)) {
                enabled.add(route);
            }
        }
        return device.toBuilder()
                .advertisedRoutes(routes)
                .enabledRoutes(List.copyOf(enabled))
                .build();
    }

    private static boolean approved(SimDevice device, String route, JsonNode policy) {
        var wanted = Cidr.parse(route).orElseThrow(() -> new IllegalArgumentException("no CIDR: " + route));
        var approvers = HuJson.section(policy, "autoApprovers");
        if (wanted.isDefaultRoute()) {
            return owns(device, HuJson.section(approvers, "exitNode"), policy);
        }
        var prefixes = HuJson.section(approvers, "routes");
        return prefixes.properties().stream()
                .filter(entry -> Cidr.parse(entry.getKey()).stream().anyMatch(prefix -> prefix.contains(wanted)))
                .anyMatch(entry -> owns(device, entry.getValue(), policy));
    }

    private static boolean owns(SimDevice device, JsonNode owners, JsonNode policy) {
        for (var owner : owners) {
            if (is(device, owner.asText(), policy)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(SimDevice device, String owner, JsonNode policy) {
        var tagged = !device.tags().isEmpty();
        if (owner.startsWith("tag:")) {
            return device.tags().contains(owner);
        }
        if (owner.startsWith("group:")) {
            return !tagged && contains(HuJson.section(policy, "groups").path(owner), device.user());
        }
        return switch (owner) {
            case "autogroup:tagged" -> tagged;
            case "autogroup:member" -> !tagged;
            default -> !tagged && device.user().equals(owner);
        };
    }

    private static boolean contains(JsonNode list, String wanted) {
        for (var element : list) {
            if (element.asText().equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
