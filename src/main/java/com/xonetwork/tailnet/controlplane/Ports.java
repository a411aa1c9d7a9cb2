package com.xonetwork.tailnet.controlplane;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ports that an adapter offers, and the capabilities that follow from them. Immutable: after each detection an adapter offers
 * other ones.
 */
public final class Ports {

    private final List<Port> offered;
    private final Set<Capability> capabilities;

    /**
     * @param found finer capabilities that detection found; one of a port that is not offered does not count
     * @param offered at most one of each area, {@link Devices} among them
     */
    public Ports(Set<Capability> found, List<? extends Port> offered) {
        this.offered = List.copyOf(offered);
        var follow = EnumSet.noneOf(Capability.class);
        for (var capability : Capability.values()) {
            var port = capability.port();
            var isThere = port.isEmpty() || find(port.get()).isPresent();
            if (isThere && (capability.isArea() || found.contains(capability))) {
                follow.add(capability);
            }
        }
        this.capabilities = Collections.unmodifiableSet(follow);
    }

    /** The port of that area; empty when it is not offered. */
    public <P extends Port> Optional<P> find(Class<P> port) {
        return offered.stream().filter(port::isInstance).map(port::cast).findFirst();
    }

    /** The areas that are offered, and what was found of them. */
    public Set<Capability> capabilities() {
        return capabilities;
    }
}
