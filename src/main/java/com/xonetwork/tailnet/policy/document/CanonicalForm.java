package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One text for everything that means the same: how values are compared here. Trees themselves do not do, their equality
 * tells {@code 1} as int from {@code 1} as long, and knows nothing of sets.
 */
final class CanonicalForm {

    private final StringBuilder out = new StringBuilder();

    private CanonicalForm() {}

    /** Of any value: the order of keys does not count, the order of arrays does. */
    static String of(JsonNode value) {
        CanonicalForm form = new CanonicalForm();
        form.write(value, false);
        return form.out.toString();
    }

    /**
     * Of a whole policy: a section that is null is one that is absent, and the lists in groups, tag owners and
     * auto-approvers are sets.
     */
    static String ofPolicy(ObjectNode policy) {
        CanonicalForm form = new CanonicalForm();
        form.out.append('{');
        sorted(policy).forEach((section, value) -> {
            if (!value.isNull()) {
                form.writeField(section, value, holdsSets(section));
            }
        });
        form.out.append('}');
        return form.out.toString();
    }

    /** The members of a list that the service takes as a set; empty if it is not a list of strings. Null is no members. */
    static Optional<SortedSet<String>> set(JsonNode value) {
        SortedSet<String> members = new TreeSet<>();
        if (value.isNull()) {
            return Optional.of(members);
        }
        if (!value.isArray()) {
            return Optional.empty();
        }
        for (JsonNode member : value) {
            if (!member.isTextual()) {
                return Optional.empty();
            }
            members.add(member.textValue());
        }
        return Optional.of(members);
    }

    static ArrayNode array(SortedSet<String> members) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        members.forEach(array::add);
        return array;
    }

    private static SortedMap<String, JsonNode> sorted(ObjectNode object) {
        SortedMap<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    private static boolean holdsSets(String section) {
        return Section.of(section)
                .map(known -> switch (known.shape()) {
                    case NAMED_SETS, OWNERS, APPROVERS -> true;
                    case NAMED, RULES, WHOLE -> false;
                })
                .orElse(false);
    }

    private void write(JsonNode value, boolean sets) {
        if (sets && (value.isArray() || value.isNull())) {
            Optional<SortedSet<String>> members = set(value);
            if (members.isPresent()) {
                write(array(members.get()), false);
                return;
            }
        }
        switch (value) {
            case ObjectNode object -> {
                out.append('{');
                sorted(object).forEach((name, field) -> writeField(name, field, sets));
                out.append('}');
            }
            case ArrayNode array -> {
                out.append('[');
                for (JsonNode element : array) {
                    write(element, sets);
                    out.append(',');
                }
                out.append(']');
            }
            default -> writeScalar(value);
        }
    }

    private void writeField(String name, JsonNode value, boolean sets) {
        writeString(name);
        out.append(':');
        write(value, sets);
        out.append(',');
    }

    private void writeString(String text) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }

    private void writeScalar(JsonNode value) {
        if (value.isTextual()) {
            writeString(value.textValue());
        } else if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            // 1, 1.0 and 1e0 are one number, in whatever type of node they came.
            out.append(value.decimalValue().stripTrailingZeros());
        } else {
            out.append(value);
        }
    }
}
