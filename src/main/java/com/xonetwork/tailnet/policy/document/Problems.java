package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.hujson.HuPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong, each with its path, and reads typed values out of the tree on the way. Reading is as the
 * service's decoder does it: field names regardless of case, null the same as absent.
 */
final class Problems {

    private final List<FragmentProblem> found = new ArrayList<>();

    List<FragmentProblem> found() {
        return List.copyOf(found);
    }

    void add(String path, String problem) {
        found.add(new FragmentProblem(HuPath.parse(path), path + ": " + problem));
    }

    /** The first of these fields that is there and not null. Several names where an older spelling still works. */
    static @Nullable JsonNode field(ObjectNode object, String... names) {
        for (String name : names) {
            for (var field : object.properties()) {
                if (field.getKey().equalsIgnoreCase(name) && !field.getValue().isNull()) {
                    return field.getValue();
                }
            }
        }
        return null;
    }

    /** Every element of a section that is a list of objects. */
    void eachObject(String section, JsonNode value, BiConsumer<String, ObjectNode> check) {
        if (!(value instanceof ArrayNode array)) {
            add(section, "must be a list [...], not " + kind(value));
            return;
        }
        for (int i = 0; i < array.size(); i++) {
            String path = section + "[" + i + "]";
            if (array.get(i) instanceof ObjectNode object) {
                spelledOnce(path, object);
                check.accept(path, object);
            } else {
                add(path, "must be an object {...}, not " + kind(array.get(i)));
            }
        }
    }

    /** Of two spellings the service takes the later one without a word, and a reviewer may have read the other. */
    private void spelledOnce(String path, ObjectNode object) {
        Map<String, String> seen = new HashMap<>();
        object.fieldNames().forEachRemaining(name -> {
            String earlier = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (earlier != null) {
                add(
                        path,
                        Quoted.of(earlier) + " and " + Quoted.of(name)
                                + " are one name to the service, which ignores case; keep one");
            }
        });
    }

    /** Every field of a section that is an object. */
    void eachField(String path, JsonNode value, BiConsumer<String, JsonNode> check) {
        if (value instanceof ObjectNode object) {
            object.properties().forEach(field -> check.accept(field.getKey(), field.getValue()));
        } else {
            add(path, "must be an object {...}, not " + kind(value));
        }
    }

    /** The strings of a list; none (and a problem) if it is something else, none (and no problem) if it is absent. */
    List<String> strings(String path, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            add(path, "must be a list of strings, not " + kind(value) + (value.isTextual() ? "; put it in [ ]" : ""));
            return List.of();
        }
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            if (value.get(i).isTextual()) {
                strings.add(value.get(i).textValue());
            } else {
                add(path + "[" + i + "]", "must be a string, not " + kind(value.get(i)));
            }
        }
        return strings;
    }

    /** The strings of a list that must be there, though it may be empty. */
    List<String> requiredStrings(String path, String name, @Nullable JsonNode value) {
        if (value == null) {
            add(path, "\"" + name + "\" is missing; give a list of strings");
        }
        return strings(path + "." + name, value);
    }

    /** A string; absent counts as the empty string, as it does for the service. Null if it is something else. */
    @Nullable
    String string(String path, @Nullable JsonNode value) {
        if (value == null) {
            return "";
        }
        if (!value.isTextual()) {
            add(path, "must be a string, not " + kind(value));
            return null;
        }
        return value.textValue();
    }

    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            default -> "something else";
        };
    }
}
