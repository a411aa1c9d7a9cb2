package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.policy.document.PolicyFragment;
import com.xonetwork.tailnet.policy.topology.Topology;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How much work AclPolicies make together. Each is bounded by itself, and there may be many of one Tailnet: each test is tried with each
 * rule, so the work grows with the product.
 *
 * @param values that all sections have
 * @param ofRules of these, in rules
 * @param ofTests of these, in tests
 */
record PolicyLoad(long values, long ofRules, long ofTests) {

    private static final Pattern PORTS = Pattern.compile(":(?:\\*|[0-9,-]+)$");

    static final PolicyLoad NONE = new PolicyLoad(0, 0, 0);

    /** As many as four AclPolicies that are as large as one may be. */
    static final long MOST_VALUES = 131_072;

    /** Values of rules times values of tests: some ten seconds of one thread. */
    static final long MOST_TRIED = 150_000_000;

    private static final Set<String> RULES = Set.of("acls", "grants", "ssh");
    private static final Set<String> TESTS = Set.of("tests", "sshtests");

    /** Selectors that rules name, each once, times the machines' addresses and routes: some 60 MiB while policies are compared. */
    static final long MOST_TOLD_APART = 15_000_000;

    /** Values of rules times the machines' addresses and routes: half a minute of one thread. */
    static final long MOST_COMPARED = 250_000_000;

    static PolicyLoad of(PolicyFragment fragment) {
        return of(fragment.content());
    }

    private static PolicyLoad of(JsonNode policy) {
        var load = NONE;
        for (var section : policy.properties()) {
            var name = section.getKey().toLowerCase(Locale.ROOT);
            var values = values(section.getValue());
            load = load.plus(
                    new PolicyLoad(values, RULES.contains(name) ? values : 0, TESTS.contains(name) ? values : 0));
        }
        return load;
    }

    /** What is read is nested to a bounded depth only. */
    private static long values(JsonNode node) {
        var values = 1L;
        for (var child : node) {
            values += values(child);
        }
        return values;
    }

    PolicyLoad plus(PolicyLoad more) {
        return new PolicyLoad(values + more.values, ofRules + more.ofRules, ofTests + more.ofTests);
    }

    /**
     * Why two policies are not compared in a tailnet, in words for users; empty when they may be. One of them comes from the control
     * plane, and so do the machines: together they can be made to take all the memory that there is.
     */
    static Optional<String> tooLargeToCompare(JsonNode before, JsonNode after, Topology topology) {
        var places = topology.nodes().stream()
                .mapToLong(node -> node.addresses().size() + node.approved().size())
                .sum();
        var values = of(before).plus(of(after)).ofRules();
        var selectors = new HashSet<String>();
        for (var policy : List.of(before, after)) {
            for (var section : policy.properties()) {
                if (RULES.contains(section.getKey().toLowerCase(Locale.ROOT))) {
                    collectTexts(section.getValue(), selectors);
                }
            }
        }
        return values * places > MOST_COMPARED || selectors.size() * places > MOST_TOLD_APART
                ? Optional.of("the rules in force and the new rules have " + values + " values, " + selectors.size()
                        + " of them different, and the machines have " + places
                        + " addresses and routes. That is more than the operator compares")
                : Optional.empty();
    }

    /** Without ports, which tell no machines apart. */
    private static void collectTexts(JsonNode node, Set<String> texts) {
        if (node.isTextual()) {
            texts.add(PORTS.matcher(node.textValue()).replaceFirst(""));
        }
        for (var child : node) {
            collectTexts(child, texts);
        }
    }

    /** Why it is more than the operator takes of one Tailnet, in words for users; empty when it is not. */
    Optional<String> excess() {
        if (values > MOST_VALUES) {
            return Optional.of(
                    "with this one, the AclPolicies of this Tailnet have " + values + " values. The limit is "
                            + MOST_VALUES + ". Make this AclPolicy smaller, or one that has a higher priority");
        }
        return ofRules * ofTests > MOST_TRIED
                ? Optional.of("with this one, the AclPolicies of this Tailnet have rules of " + ofRules
                        + " values and tests of " + ofTests
                        + " values. Each test is tried with each rule, so the limit for the product is " + MOST_TRIED
                        + ". Remove rules or tests")
                : Optional.empty();
    }
}
