package com.xonetwork.tailnet.policy.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A rule of a node's packet filter, as {@code tailcfg.FilterRule}: who may reach what here. Either {@code destinations}
 * or {@code capabilities} is empty.
 *
 * @param sources addresses, prefixes, ranges or {@code *}, sorted as texts
 * @param protocol empty: TCP, UDP and both ICMPs
 */
public record FilterRule(
        List<String> sources,
        List<Destination> destinations,
        Optional<Protocol> protocol,
        List<CapabilityGrant> capabilities) {

    public FilterRule {
        sources = List.copyOf(sources);
        destinations = List.copyOf(destinations);
        capabilities = List.copyOf(capabilities);
    }

    /** @param address an address, prefix, range or {@code *} */
    public record Destination(String address, PortRange ports) {}

    /**
     * What applications on the destinations are told about the sources.
     *
     * @param destinations prefixes of one address each
     * @param parameters by the name of the capability
     */
    public record CapabilityGrant(List<String> destinations, Map<String, JsonNode> parameters) {}
}
