package com.xonetwork.tailnet.simulator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The tailnet's DNS. Safe for use by several threads. */
final class DnsStore {

    /** Where to ask. */
    record Resolver(String address, boolean useWithExitNode) {}

    /**
     * All of it.
     *
     * @param split which resolvers are asked for a domain
     */
    record Dns(
            List<Resolver> nameservers,
            Map<String, List<Resolver>> split,
            List<String> searchPaths,
            boolean overrideLocal,
            boolean magic) {

        Dns {
            nameservers = List.copyOf(nameservers);
            split = new TreeMap<>(split);
            searchPaths = List.copyOf(searchPaths);
        }

        /** Without any nameserver MagicDNS goes off, and stays off until it is switched on again. */
        Dns withNameservers(List<Resolver> resolvers) {
            return new Dns(resolvers, split, searchPaths, overrideLocal, magic && !resolvers.isEmpty());
        }

        Dns withSplit(Map<String, List<Resolver>> newSplit) {
            return new Dns(nameservers, newSplit, searchPaths, overrideLocal, magic);
        }

        Dns withSearchPaths(List<String> paths) {
            return new Dns(nameservers, split, paths, overrideLocal, magic);
        }

        Dns withMagic(boolean on) {
            return new Dns(nameservers, split, searchPaths, overrideLocal, on);
        }
    }

    /** What a new tailnet has. */
    private Dns dns = new Dns(List.of(), Map.of(), List.of(), false, true);

    synchronized Dns current() {
        return dns;
    }

    synchronized Dns update(UnaryOperator<Dns> change) {
        dns = change.apply(dns);
        return dns;
    }
}
