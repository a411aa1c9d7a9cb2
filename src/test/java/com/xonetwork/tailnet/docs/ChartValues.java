package com.xonetwork.tailnet.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which of the chart's values set which environment variables of the operator. Read from the templates, so that it cannot be out of date. */
final class ChartValues {

    static final String CHART = "(chart)";

    private static final Pattern ACTION = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}");
    private static final Pattern NAME = Pattern.compile("- name: ([A-Z][A-Z0-9_]*)");
    private static final Pattern DEFINITION = Pattern.compile("define \"([^\"]+)\"");
    private static final Pattern INCLUDE = Pattern.compile("include \"([^\"]+)\"");
    private static final Pattern VALUE = Pattern.compile("\\.Values\\.([A-Za-z.]+)");
    private static final Pattern RELATIVE = Pattern.compile("(?<![\\w$.\"])\\.([A-Za-z]*)(?![\\w.])");

    private ChartValues() {}

    /** Markdown for each variable: its values, or {@link #CHART} where the chart sets it without a value. */
    static Map<String, String> byVariable(Path templates) throws IOException {
        var helpers = helpers(Files.readString(templates.resolve("_helpers.tpl")));
        var found = new LinkedHashMap<String, String>();
        // What each open block depends on; a `with` also sets what a dot means.
        Deque<Block> open = new ArrayDeque<>();
        var variable = "";
        for (var line : Files.readAllLines(templates.resolve("deployment.yaml"))) {
            var name = NAME.matcher(line);
            if (name.find()) {
                variable = name.group(1);
            }
            var isValue = line.strip().startsWith("value:") && !variable.isEmpty();
            var actions = ACTION.matcher(line)
                    .results()
                    .map(action -> action.group(1))
                    .toList();
            if (isValue) {
                Set<String> names = new LinkedHashSet<>();
                actions.forEach(action -> names.addAll(named(action, dot(open), helpers)));
                if (names.isEmpty() && !open.isEmpty()) {
                    names.addAll(open.peek().names());
                }
                found.put(variable, names.isEmpty() ? CHART : markdown(names));
                variable = "";
                continue;
            }
            for (var action : actions) {
                if (action.startsWith("if ") || action.startsWith("with ") || action.startsWith("range ")) {
                    var names = named(action, dot(open), helpers);
                    open.push(new Block(
                            names, action.startsWith("with ") ? names.iterator().next() : dot(open)));
                } else if (action.equals("end")) {
                    open.pop();
                }
            }
        }
        return found;
    }

    private record Block(Set<String> names, String dot) {}

    private static String dot(Deque<Block> open) {
        return open.isEmpty() ? "" : open.peek().dot();
    }

    /** The values that an action names, itself or through a helper. */
    private static Set<String> named(String action, String dot, Map<String, Set<String>> helpers) {
        Set<String> names = new LinkedHashSet<>();
        VALUE.matcher(action).results().forEach(value -> names.add(value.group(1)));
        INCLUDE.matcher(action).results().forEach(used -> names.addAll(helpers.getOrDefault(used.group(1), Set.of())));
        if (names.isEmpty() && !dot.isEmpty()) {
            RELATIVE.matcher(action)
                    .results()
                    .map(field -> field.group(1).isEmpty() ? dot : dot + "." + field.group(1))
                    .forEach(names::add);
        }
        return names;
    }

    private static Map<String, Set<String>> helpers(String text) {
        var found = new LinkedHashMap<String, Set<String>>();
        for (var part : text.split("(?=\\{\\{-? define )")) {
            var name = DEFINITION.matcher(part);
            if (name.find() && !name.group(1).equals("xo.fullname")) {
                found.put(
                        name.group(1),
                        VALUE.matcher(part)
                                .results()
                                .map(value -> value.group(1))
                                .collect(Collectors.toCollection(LinkedHashSet::new)));
            }
        }
        return found;
    }

    private static String markdown(Set<String> names) {
        return names.stream().map(name -> '`' + name + '`').collect(Collectors.joining(" or "));
    }
}
