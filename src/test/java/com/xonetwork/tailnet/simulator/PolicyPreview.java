package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Which rules of a policy concern a user, or an address and port. Looks at literals, host aliases, groups and {@code *}; it
 * does not work out which devices a tag or a user stands for.
 */
final class PolicyPreview {

    private final JsonNode policy;
    private final List<Rule> rules;

    PolicyPreview(String text) {
        policy = HuJson.parse(text);
        rules = rules(text);
    }

    /** A rule with its destinations in the form {@code host:ports}, whatever section it stands in. */
    private record Rule(List<String> sources, List<String> destinations, int line) {}

    private List<Rule> rules(String text) {
        var found = new ArrayList<Rule>();
        var lines = HuJson.linesOfElements(text, "acls");
        var acls = HuJson.section(policy, "acls");
        for (int i = 0; i < acls.size(); i++) {
            var acl = acls.get(i);
            found.add(new Rule(either(acl, "src", "users"), either(acl, "dst", "ports"), lines.get(i)));
        }
        lines = HuJson.linesOfElements(text, "grants");
        var grants = HuJson.section(policy, "grants");
        for (int i = 0; i < grants.size(); i++) {
            var grant = grants.get(i);
            found.add(new Rule(texts(grant, "src"), destinationsOf(grant), lines.get(i)));
        }
        return found;
    }

    private static List<String> destinationsOf(JsonNode grant) {
        var destinations = new ArrayList<String>();
        for (var host : texts(grant, "dst")) {
            for (var ports : texts(grant, "ip")) {
                destinations.add(host + ":" + ports.replaceAll("^[a-z]+:", ""));
            }
        }
        return destinations;
    }

    private static List<String> either(JsonNode rule, String name, String oldName) {
        var texts = texts(rule, name);
        return texts.isEmpty() ? texts(rule, oldName) : texts;
    }

    private static List<String> texts(JsonNode rule, String name) {
        var texts = new ArrayList<String>();
        HuJson.section(rule, name).forEach(element -> texts.add(element.asText()));
        return texts;
    }

    ObjectNode forUser(String user) {
        return matches(rules.stream()
                .filter(rule -> rule.sources().stream().anyMatch(source -> isUser(source, user)))
                .toList());
    }

    private boolean isUser(String source, String user) {
        if (source.startsWith("group:")) {
            return texts(HuJson.section(policy, "groups"), source).contains(user);
        }
        return source.equals("*") || source.equals(user) || source.startsWith("autogroup:member");
    }

    ObjectNode forAddress(String addressAndPort) {
        var colon = addressAndPort.lastIndexOf(':');
        if (colon < 0) {
            throw ApiError.badRequest("hostport must contain a colon (\":\")");
        }
        var address = addressAndPort.substring(0, colon);
        var port = addressAndPort.substring(colon + 1);
        return matches(rules.stream()
                .filter(rule -> rule.destinations().stream().anyMatch(dst -> covers(dst, address, port)))
                .toList());
    }

    private boolean covers(String destination, String address, String port) {
        var colon = destination.lastIndexOf(':');
        return colon > 0
                && isHost(destination.substring(0, colon), address)
                && isPort(destination.substring(colon + 1), port);
    }

    private boolean isHost(String host, String address) {
        var named = HuJson.section(policy, "hosts").path(host).asText(host);
        if (named.equals("*") || named.equals(address)) {
            return true;
        }
        var wanted = Cidr.parse(address + (address.contains(":") ? "/128" : "/32"));
        return Cidr.parse(named).stream().anyMatch(prefix -> wanted.stream().anyMatch(prefix::contains));
    }

    private static boolean isPort(String ports, String port) {
        for (var part : ports.split(",")) {
            var ends = part.split("-", 2);
            var isRange = ends.length == 2 && ends[0].matches("\\d{1,5}") && ends[1].matches("\\d{1,5}");
            if (part.equals("*") || part.equals(port)) {
                return true;
            }
            if (isRange && port.matches("\\d{1,5}")) {
                var number = Integer.parseInt(port);
                if (Integer.parseInt(ends[0]) <= number && number <= Integer.parseInt(ends[1])) {
                    return true;
                }
            }
        }
        return false;
    }

    private static ObjectNode matches(List<Rule> rules) {
        var body = Json.object();
        var matches = body.putArray("matches");
        for (var rule : rules) {
            var match = matches.addObject();
            rule.sources().forEach(match.putArray("users")::add);
            rule.destinations().forEach(match.putArray("ports")::add);
            match.put("lineNumber", rule.line());
        }
        return body;
    }
}
