package com.xonetwork.tailnet.policy.topology;

import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import java.util.List;
import java.util.Map;

/**
 * A machine of the tailnet.
 *
 * @param name unique in the topology
 * @param user the name of its user; empty for a tagged node, which belongs to nobody whatever the file says
 * @param tags {@code tag:web}
 * @param addresses in the tailnet, IPv4 before IPv6; each family at most once
 * @param advertised routes that it offers
 * @param approved routes that somebody or an auto-approver has approved, advertised or not
 * @param attributes for postures: {@code node:os}, {@code custom:tier}; an attribute that is not there matches nothing
 */
public record TopologyNode(
        String name,
        String user,
        List<String> tags,
        List<IpAddress> addresses,
        List<IpPrefix> advertised,
        List<IpPrefix> approved,
        Map<String, String> attributes) {

    public TopologyNode {
        tags = List.copyOf(tags);
        user = tags.isEmpty() ? user : "";
        addresses = addresses.stream().sorted().toList();
        advertised = advertised.stream().map(IpPrefix::masked).toList();
        approved = approved.stream().map(IpPrefix::masked).toList();
        attributes = Map.copyOf(attributes);
    }

    public boolean isTagged() {
        return !tags.isEmpty();
    }

    /** The routes that others use through this node: advertised and approved, without the exit routes. */
    public List<IpPrefix> subnetRoutes() {
        return approved.isEmpty()
                ? List.of()
                : approved.stream()
                        .filter(route -> route.bits() > 0 && advertised.contains(route))
                        .toList();
    }

    /** Whether it offers the internet, and may. */
    public boolean isExitNode() {
        return approved.stream().anyMatch(route -> route.bits() == 0 && advertised.contains(route));
    }
}
