package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.policy.document.PolicyFragment;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How much work AclPolicies make together. Each is bounded by itself, and there may be many of one Tailnet: each test is tried with each
 * rule, so the work grows with the product.
 *
 * @param values that all sections have
 * @param ofRules of these, in rules
 * @param ofTests of these, in tests
 */
record PolicyLoad(long values, long ofRules, long ofTests) {

    static final PolicyLoad NONE = new PolicyLoad(0, 0, 0);

    /** As many as four AclPolicies that are as large as one may be. */
    static final long MOST_VALUES = 131_072;

    /** Values of rules times values of tests: some ten seconds of one thread. */
    static final long MOST_TRIED = 150_000_000;

    private static final Set<String> RULES = Set.of("acls", "grants", "ssh");
    private static final Set<String> TESTS = Set.of("tests", "sshtests");

    static PolicyLoad of(PolicyFragment fragment) {
        var load = NONE;
        for (var section : fragment.content().properties()) {
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

    /** Why it is more than the operator takes of one Tailnet, in words for users; empty when it is not. */
    Optional<String> excess() {
        if (values > MOST_VALUES) {
            return Optional.of(
                    "with it, the AclPolicies of this Tailnet have " + values + " values, and at most " + MOST_VALUES
                            + " are taken. Make it smaller, or make another one smaller that has a higher priority");
        }
        return ofRules * ofTests > MOST_TRIED
                ? Optional.of("with it, the AclPolicies of this Tailnet have rules of " + ofRules
                        + " values and tests of " + ofTests
                        + " values. Each test is tried with each rule, and the product must be at most " + MOST_TRIED
                        + ". Remove rules or tests")
                : Optional.empty();
    }
}
