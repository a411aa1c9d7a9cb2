package com.xonetwork.tailnet.policy.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.Protocol;
import com.xonetwork.tailnet.policy.model.Selector;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that a policy allows: the common form of {@code acls} and {@code grants}. Allows either traffic ({@code
 * capabilities} empty) or that applications are told of capabilities, never both.
 *
 * @param origin {@code acls[0]}, {@code grants[2]}; {@code default} where the policy has neither
 * @param sources never empty
 * @param targets never empty; either all of them are {@code autogroup:self} or none
 * @param protocol empty: TCP, UDP and both ICMPs
 * @param via tags of the routers through which alone the targets are reached; empty: through any
 * @param postures one of which a source must have; empty: none is asked for
 * @param capabilities parameters by name; null parameters are the service's own companions
 */
public record Allowance(
        String origin,
        List<Selector> sources,
        List<Target> targets,
        Optional<Protocol> protocol,
        List<String> via,
        List<String> postures,
        Map<String, JsonNode> capabilities) {

    public Allowance {
        sources = List.copyOf(sources);
        targets = List.copyOf(targets);
        via = List.copyOf(via);
        postures = List.copyOf(postures);
        capabilities = Collections.unmodifiableMap(new LinkedHashMap<>(capabilities));
    }

    /**
     * @param ports in the order of the policy; empty for capabilities, which know no ports
     */
    public record Target(Selector selector, List<PortRange> ports) {

        public Target {
            ports = List.copyOf(ports);
        }
    }

    /** Whether it is about the devices of one user among themselves. */
    public boolean isSelf() {
        return Allowances.isSelf(targets.getFirst().selector());
    }

    public boolean isTraffic() {
        return capabilities.isEmpty();
    }
}
