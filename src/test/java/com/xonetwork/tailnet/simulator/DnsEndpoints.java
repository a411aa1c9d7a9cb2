package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.simulator.DnsStore.Dns;
import com.xonetwork.tailnet.simulator.DnsStore.Resolver;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations on DNS: four partial documents, and one whole that came later. All of them show the same state. */
final class DnsEndpoints {

    private final DnsStore store;

    DnsEndpoints(DnsStore store) {
        this.store = store;
    }

    Answer nameservers(Call call) {
        return Answer.json(nameservers(store.current()));
    }

    Answer setNameservers(Call call) {
        var resolvers = resolvers(Json.strings(call.json().path("dns")));
        var now = store.update(dns -> dns.withNameservers(resolvers));
        return Answer.json(nameservers(now).put("magicDNS", now.magic()));
    }

    private static ObjectNode nameservers(Dns dns) {
        var body = Json.object();
        addAddresses(body.putArray("dns"), dns.nameservers());
        return body;
    }

    Answer preferences(Call call) {
        return Answer.json(preferences(store.current()));
    }

    Answer setPreferences(Call call) {
        var magic = call.json().path("magicDNS");
        if (!magic.isBoolean()) {
            throw ApiError.badRequest("invalid request body");
        }
        if (magic.booleanValue() && store.current().nameservers().isEmpty()) {
            throw ApiError.badRequest("need at least one nameserver to enable MagicDNS");
        }
        return Answer.json(preferences(store.update(dns -> dns.withMagic(magic.booleanValue()))));
    }

    private static ObjectNode preferences(Dns dns) {
        return Json.object().put("magicDNS", dns.magic());
    }

    Answer searchPaths(Call call) {
        return Answer.json(searchPaths(store.current()));
    }

    Answer setSearchPaths(Call call) {
        var paths = Json.strings(call.json().path("searchPaths"));
        return Answer.json(searchPaths(store.update(dns -> dns.withSearchPaths(paths))));
    }

    private static ObjectNode searchPaths(Dns dns) {
        var body = Json.object();
        dns.searchPaths().forEach(body.putArray("searchPaths")::add);
        return body;
    }

    Answer splitDns(Call call) {
        return Answer.json(splitDns(store.current()));
    }

    /** Only the domains that are named change; null or nothing clears one. */
    Answer updateSplitDns(Call call) {
        var changes = splitDns(call.json());
        return Answer.json(splitDns(store.update(dns -> {
            var split = new TreeMap<>(dns.split());
            split.putAll(changes);
            return dns.withSplit(withoutEmpty(split));
        })));
    }

    Answer setSplitDns(Call call) {
        var split = withoutEmpty(splitDns(call.json()));
        return Answer.json(splitDns(store.update(dns -> dns.withSplit(split))));
    }

    private static Map<String, List<Resolver>> splitDns(ObjectNode body) {
        var split = new TreeMap<String, List<Resolver>>();
        body.properties().forEach(entry -> split.put(entry.getKey(), resolvers(Json.strings(entry.getValue()))));
        return split;
    }

    private static ObjectNode splitDns(Dns dns) {
        var body = Json.object();
        dns.split().forEach((domain, resolvers) -> addAddresses(body.putArray(domain), resolvers));
        return body;
    }

    private static Map<String, List<Resolver>> withoutEmpty(Map<String, List<Resolver>> split) {
        split.values().removeIf(List::isEmpty);
        return split;
    }

    /** What is false or empty is left out. */
    Answer configuration(Call call) {
        var dns = store.current();
        var body = Json.object();
        if (!dns.nameservers().isEmpty()) {
            addResolvers(body.putArray("nameservers"), dns.nameservers());
        }
        if (!dns.split().isEmpty()) {
            var split = body.putObject("splitDNS");
            dns.split().forEach((domain, resolvers) -> addResolvers(split.putArray(domain), resolvers));
        }
        Json.putIfAny(body, "searchPaths", dns.searchPaths());
        var preferences = body.putObject("preferences");
        Json.putIfTrue(preferences, "overrideLocalDNS", dns.overrideLocal());
        Json.putIfTrue(preferences, "magicDNS", dns.magic());
        return Answer.json(body);
    }

    /** Replaces everything: what is not given is off or empty afterwards. */
    Answer setConfiguration(Call call) {
        var body = call.json();
        var split = new TreeMap<String, List<Resolver>>();
        body.path("splitDNS").properties().forEach(entry -> split.put(entry.getKey(), resolvers(entry.getValue())));
        var preferences = body.path("preferences");
        var wanted = new Dns(
                resolvers(body.path("nameservers")),
                withoutEmpty(split),
                Json.strings(body.path("searchPaths")),
                preferences.path("overrideLocalDNS").asBoolean(false),
                preferences.path("magicDNS").asBoolean(false));
        store.update(before -> wanted);
        return configuration(call);
    }

    private static List<Resolver> resolvers(JsonNode list) {
        var resolvers = new ArrayList<Resolver>();
        for (var resolver : list) {
            resolvers.add(new Resolver(
                    checked(resolver.path("address").asText("")),
                    resolver.path("useWithExitNode").asBoolean(false)));
        }
        return resolvers;
    }

    private static List<Resolver> resolvers(List<String> addresses) {
        return addresses.stream()
                .map(address -> new Resolver(checked(address), false))
                .toList();
    }

    /** The text of the refusal is ours: the live one is not known. */
    private static String checked(String address) {
        try {
            if (!address.startsWith("https://")) {
                InetAddress.ofLiteral(address);
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("invalid nameserver \"" + address + "\"");
        }
    }

    private static void addAddresses(ArrayNode list, List<Resolver> resolvers) {
        resolvers.forEach(resolver -> list.add(resolver.address()));
    }

    private static void addResolvers(ArrayNode list, List<Resolver> resolvers) {
        for (var resolver : resolvers) {
            var node = list.addObject().put("address", resolver.address());
            Json.putIfTrue(node, "useWithExitNode", resolver.useWithExitNode());
        }
    }
}
