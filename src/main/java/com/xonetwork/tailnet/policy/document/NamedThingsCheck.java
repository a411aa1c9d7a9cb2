package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.PolicySyntax;

/** Sections that give names to things: groups, hosts, tags, sets, postures, and who may approve what. */
final class NamedThingsCheck {

    private final Problems problems;
    private final PolicySyntax syntax;

    NamedThingsCheck(Problems problems, PolicySyntax syntax) {
        this.problems = problems;
        this.syntax = syntax;
    }

    void groups(String path, JsonNode value) {
        problems.eachField(path, value, (name, members) -> {
            String place = at(path, name);
            boolean nameless = name.length() == "group:".length() && !syntax.groupsMayBeNameless();
            if (!name.startsWith("group:") || nameless) {
                problems.add(place, "group names must start with 'group:', and a name must follow");
            }
            for (String member : problems.strings(place, members)) {
                if (member.startsWith("group:")) {
                    problems.add(
                            place,
                            Quoted.of(member) + ": group members cannot be recursive; list its members here instead");
                }
            }
        });
    }

    void hosts(String path, JsonNode value) {
        problems.eachField(path, value, (name, address) -> {
            String place = at(path, name);
            if (name.contains("@")) {
                problems.add(place, "host names must not contain '@', which is for users; rename the host");
            }
            if (!address.isTextual()) {
                problems.add(place, "must be an IP address or a CIDR as a string, not " + Problems.kind(address));
            } else if (IpAddress.parse(address.textValue()).isEmpty()
                    && IpPrefix.parse(address.textValue()).isEmpty()) {
                problems.add(
                        place,
                        Quoted.of(address)
                                + ": invalid address; give an IP address or a CIDR like \"10.0.0.0/8\", not a DNS name");
            }
        });
    }

    void tagOwners(String path, JsonNode value) {
        problems.eachField(path, value, (tag, owners) -> {
            String place = at(path, tag);
            syntax.tagProblem(tag).ifPresent(problem -> problems.add(place, problem + "; rename the tag"));
            problems.strings(place, owners);
        });
    }

    void autoApprovers(String path, JsonNode value) {
        problems.eachField(path, value, (field, approvers) -> {
            String place = path + "." + field;
            if (approvers.isNull()) {
                return;
            }
            switch (Section.canonicalApprover(field)) {
                case Section.EXIT_NODE -> problems.strings(place, approvers);
                case Section.SERVICES -> stringLists(place, approvers);
                case Section.ROUTES -> {
                    stringLists(place, approvers);
                    approvers.properties().forEach(route -> prefix(at(place, route.getKey()), route.getKey()));
                }
                default -> {
                    // Not known to us: kept, for the service to judge.
                }
            }
        });
    }

    void stringLists(String path, JsonNode value) {
        problems.eachField(path, value, (name, list) -> problems.strings(at(path, name), list));
    }

    private void prefix(String place, String cidr) {
        if (IpAddress.parse(cidr).isPresent()) {
            problems.add(place, "must be a CIDR; write " + Quoted.of(cidr + (cidr.contains(":") ? "/128" : "/32")));
        } else if (IpPrefix.parse(cidr).isEmpty()) {
            problems.add(place, "must be a CIDR like \"10.0.0.0/8\"");
        }
    }

    private static String at(String path, String name) {
        return path + "[" + Quoted.of(name) + "]";
    }
}
