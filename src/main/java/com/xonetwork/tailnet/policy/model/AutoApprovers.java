package com.xonetwork.tailnet.policy.model;

import java.util.List;

/**
 * Whose advertisements are approved without a human.
 *
 * @param routes a prefix and all within it
 * @param services by the name of a service or a tag
 */
public record AutoApprovers(
        List<Approval<IpPrefix>> routes, List<Located<Selector>> exitNode, List<Approval<Selector>> services) {

    public static final AutoApprovers NONE = new AutoApprovers(List.of(), List.of(), List.of());

    public AutoApprovers {
        routes = List.copyOf(routes);
        exitNode = List.copyOf(exitNode);
        services = List.copyOf(services);
    }

    public record Approval<T>(Located<T> what, List<Located<Selector>> owners) {

        public Approval {
            owners = List.copyOf(owners);
        }
    }
}
