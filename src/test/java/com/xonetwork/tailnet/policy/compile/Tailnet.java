package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A small tailnet, and what a policy makes of it in one line a rule. In policies {@code '} stands for a double quote, {@code ^}
 * for a single one.
 */
final class Tailnet {

    /** Addresses end in the same number for both families; so do they in the texts of rules: {@code 7} is both. */
    static final Topology TOPOLOGY = TopologyReader.read("""
            {"users": [{"name": "ann", "email": "ann@example.com", "role": "admin"},
                       {"name": "bob", "email": "bob@example.org"}],
             "nodes": {
               "ann-1": {"user": "ann", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1", "attributes": {"node:os": "linux"}},
               "ann-2": {"user": "ann", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2", "attributes": {"node:os": "macos"}},
               "bob-1": {"user": "bob", "ipv4": "100.64.0.3", "ipv6": "fd7a:115c:a1e0::3"},
               "web": {"tags": ["tag:web"], "ipv4": "100.64.0.4", "ipv6": "fd7a:115c:a1e0::4"},
               "both": {"tags": ["tag:web", "tag:db"], "ipv4": "100.64.0.5", "ipv6": "fd7a:115c:a1e0::5"},
               "router": {"tags": ["tag:router"], "ipv4": "100.64.0.6", "ipv6": "fd7a:115c:a1e0::6",
                          "routable_ips": ["10.1.0.0/16", "10.2.0.0/16"], "approved_routes": ["10.1.0.0/16"]},
               "other": {"tags": ["tag:other"], "ipv4": "100.64.0.7", "ipv6": "fd7a:115c:a1e0::7",
                         "routable_ips": ["10.1.0.0/16"], "approved_routes": ["10.1.0.0/16"]},
               "exit": {"tags": ["tag:exit"], "ipv4": "100.64.0.8", "ipv6": "fd7a:115c:a1e0::8",
                        "routable_ips": ["0.0.0.0/0", "::/0"], "approved_routes": ["0.0.0.0/0", "::/0"]}}}
            """);

    private Tailnet() {}

    static CompiledPolicy compile(String policy) {
        return new CompiledPolicy(Policy.parse(policy.replace('\'', '"').replace('^', '\'')), TOPOLOGY);
    }

    static int number(String node) {
        return TOPOLOGY.nodes().stream().map(one -> one.name()).toList().indexOf(node);
    }

    /** {@code 1 2 > 4:22 4:80 tcp; 3 > 4 {cap}}; {@code -} for none. */
    static String filter(String policy, String node) {
        return text(compile(policy).packetFilter(number(node)));
    }

    static String text(List<FilterRule> rules) {
        return rules.isEmpty() ? "-" : rules.stream().map(Tailnet::text).collect(Collectors.joining("; "));
    }

    private static String text(FilterRule rule) {
        StringBuilder text = new StringBuilder(String.join(" ", rule.sources()))
                .append(rule.sources().isEmpty() ? ">" : " >");
        rule.destinations()
                .forEach(to -> text.append(' ').append(to.address()).append(':').append(to.ports()));
        rule.protocol().ifPresent(protocol -> text.append(' ').append(protocol.name()));
        rule.capabilities().forEach(grant -> {
            text.append(' ').append(String.join(" ", grant.destinations())).append(' ');
            grant.parameters()
                    .forEach((name, parameters) -> text.append(name).append('=').append(parameters));
        });
        return shorten(text.toString());
    }

    static String shorten(String text) {
        String all = "100.115.94.0-100.127.255.255 100.64.0.0-100.115.91.255 fd7a:115c:a1e0::/48";
        String routed = "10.1.0.0/16 100.115.94.0-100.127.255.255 100.64.0.0-100.115.91.255 fd7a:115c:a1e0::/48";
        return text.replace(routed + " >", "TAILNET >")
                .replace(all + " >", "UNROUTED >")
                .replaceAll("100\\.64\\.0\\.(?!0)", "v4.")
                .replaceAll("fd7a:115c:a1e0::(?!/)", "v6.");
    }
}
