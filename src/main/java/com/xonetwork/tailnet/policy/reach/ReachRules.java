package com.xonetwork.tailnet.policy.reach;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.policy.compile.Allowance;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;

/**
 * The rules of a policy as sets of elements.
 *
 * @param rules between elements
 * @param own of {@code autogroup:self}: their destinations are empty, since they are another set for every user
 */
record ReachRules(List<Rule> rules, List<Rule> own) {

    record Rule(BitSet from, BitSet to, Traffic traffic) {}

    static ReachRules of(CompiledPolicy policy, ReachSpace space) {
        List<Rule> rules = new ArrayList<>();
        List<Rule> own = new ArrayList<>();
        for (Allowance allowance : policy.allowances()) {
            BitSet from = space.sources(allowance, policy);
            if (from.isEmpty()) {
                continue;
            }
            for (Allowance.Target target : allowance.targets()) {
                Traffic traffic = allowance.isTraffic()
                        ? Traffic.of(allowance.protocol(), target.ports())
                        : Traffic.ofCapabilities(capabilities(allowance));
                if (traffic.isEmpty()) {
                    continue;
                }
                if (allowance.isSelf()) {
                    own.add(new Rule(untagged(from, space), new BitSet(), traffic));
                } else {
                    BitSet to = space.destinations(target, allowance, policy);
                    if (!to.isEmpty()) {
                        rules.add(new Rule(from, to, traffic));
                    }
                }
            }
        }
        return new ReachRules(rules, own);
    }

    private static BitSet untagged(BitSet from, ReachSpace space) {
        BitSet users = new BitSet(space.size());
        from.stream()
                .filter(element -> space.nodeOf(element) >= 0 && space.index().userOf(space.nodeOf(element)) >= 0)
                .forEach(users::set);
        return users;
    }

    /** With their parameters, which are part of what is granted; without the service's own companions. */
    private static TreeSet<String> capabilities(Allowance allowance) {
        TreeSet<String> capabilities = new TreeSet<>();
        allowance.capabilities().forEach((name, parameters) -> {
            if (!parameters.isNull()) {
                capabilities.add(hasContent(parameters) ? name + " " + parameters : name);
            }
        });
        return capabilities;
    }

    private static boolean hasContent(JsonNode parameters) {
        return parameters.valueStream().anyMatch(parameter -> !parameter.isEmpty() || parameter.isValueNode());
    }
}
