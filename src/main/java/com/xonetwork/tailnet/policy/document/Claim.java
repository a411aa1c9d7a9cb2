package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What fragments say at one place of the policy, and how two sayings come together. Two claims that cannot be joined are
 * a clash. That covers malformed fragments too: where one has a list and another a string, neither is lost in silence.
 */
sealed interface Claim {

    /** Whether a claim that comes later can be joined to this one. */
    boolean accepts(Claim later);

    /** Both together; only after {@link #accepts}. */
    Claim join(Claim later);

    /** As a value of the policy; what lies below an object comes from claims of its own. */
    JsonNode value();

    /** There is an object here, whatever is in it. Said for itself so that an empty one is not lost. */
    record AnObject() implements Claim {
        @Override
        public boolean accepts(Claim later) {
            return later instanceof AnObject;
        }

        @Override
        public Claim join(Claim later) {
            return this;
        }

        @Override
        public ObjectNode value() {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** Exactly this value. */
    record Exactly(JsonNode value) implements Claim {
        @Override
        public boolean accepts(Claim later) {
            return later instanceof Exactly(JsonNode other)
                    && CanonicalForm.of(value).equals(CanonicalForm.of(other));
        }

        @Override
        public Claim join(Claim later) {
            return this;
        }

        @Override
        public JsonNode value() {
            return value.deepCopy();
        }
    }

    /** At least these members. */
    record Members(SortedSet<String> members) implements Claim {

        public Members {
            members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        }

        @Override
        public boolean accepts(Claim later) {
            return later instanceof Members;
        }

        @Override
        public Claim join(Claim later) {
            SortedSet<String> all = new TreeSet<>(members);
            if (later instanceof Members(SortedSet<String> more)) {
                all.addAll(more);
            }
            return new Members(all);
        }

        @Override
        public ArrayNode value() {
            return CanonicalForm.array(members);
        }
    }

    /**
     * These rules, after those that come before. No rules is a claim as well: an empty {@code acls} denies everything
     * where an absent one allows everything.
     *
     * @param rules by canonical form: a rule that two fragments give, or one gives twice, is there once
     */
    record Rules(Map<String, JsonNode> rules) implements Claim {

        public Rules {
            rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        }

        static Rules of(ArrayNode array) {
            Map<String, JsonNode> rules = new LinkedHashMap<>();
            array.forEach(rule -> rules.putIfAbsent(CanonicalForm.of(rule), rule));
            return new Rules(rules);
        }

        @Override
        public boolean accepts(Claim later) {
            return later instanceof Rules;
        }

        @Override
        public Claim join(Claim later) {
            Map<String, JsonNode> all = new LinkedHashMap<>(rules);
            if (later instanceof Rules(Map<String, JsonNode> more)) {
                more.forEach(all::putIfAbsent);
            }
            return new Rules(all);
        }

        @Override
        public ArrayNode value() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            rules.values().forEach(rule -> array.add(rule.<JsonNode>deepCopy()));
            return array;
        }
    }
}
