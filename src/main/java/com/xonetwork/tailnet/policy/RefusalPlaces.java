package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuPath;
import com.xonetwork.tailnet.policy.hujson.LineColumn;
import com.xonetwork.tailnet.pure.Pure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which places of a published text a control plane's refusal is about. The services have no form for that: one counts lines, one
 * writes a path, most quote a name.
 */
@Pure
final class RefusalPlaces {

    private static final Pattern LINE =
            Pattern.compile("\\bline (\\d{1,7})(?:(?:, ?| )col(?:umn)? (\\d{1,7})|:(\\d{1,7}))?");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)+)\"");
    private static final Pattern NAME = Pattern.compile(
            "\\b(?:tag|group|autogroup|ipset|posture|svc):[^\\s\"',;:\\[\\](){}]+|[^\\s\"',;:\\[\\](){}]+@[^\\s\"',;:\\[\\](){}]+");

    /** A tag may stand in every rule. */
    private static final int MOST = 20;

    private static final Set<String> TESTS = Set.of("tests", "sshTests");

    private final PolicyView policy;
    private final String text;

    private RefusalPlaces(PolicyView policy, String text) {
        this.policy = policy;
        this.text = text;
    }

    /**
     * @param policy that was refused
     * @param text of it, as it was sent
     * @param message in which it was refused
     */
    static Objection in(String message, PolicyView policy, String text) {
        var places = new RefusalPlaces(policy, text);
        var exact = Stream.concat(places.lines(message), places.paths(message))
                .distinct()
                .toList();
        return exact.isEmpty()
                ? new Objection(message, places.names(message), false)
                : new Objection(message, exact, exact.stream().noneMatch(place -> TESTS.contains(place.section())));
    }

    private Stream<HuPath> lines(String message) {
        var document = HuJsonDocument.parse(text);
        return LINE.matcher(message)
                .results()
                .map(found -> new LineColumn(
                        Integer.parseInt(found.group(1)),
                        Stream.of(2, 3)
                                .map(found::group)
                                .filter(column -> column != null)
                                .mapToInt(Integer::parseInt)
                                .findFirst()
                                .orElse(1)))
                .map(place -> document.wayTo(document.offsetOf(place)))
                .filter(way -> !way.steps().isEmpty());
    }

    private Stream<HuPath> paths(String message) {
        var sections = new ArrayList<String>();
        policy.policy().fieldNames().forEachRemaining(sections::add);
        if (sections.isEmpty()) {
            return Stream.empty();
        }
        var path = Pattern.compile("(?<![\\w.\"-])(?:"
                + sections.stream().map(Pattern::quote).collect(Collectors.joining("|"))
                + ")(?:\\.[A-Za-z][A-Za-z0-9_-]*|\\[\\d{1,7}]|\\[\"(?:[^\"\\\\]|\\\\.)*\"])+");
        return path.matcher(message)
                .results()
                .map(found -> HuPath.parse(found.group()))
                .filter(this::isThere);
    }

    /** The first step of a path that leads nowhere may be a word of a sentence. */
    private boolean isThere(HuPath path) {
        return path.steps().size() > 1
                && value(new HuPath(path.steps().subList(0, 2))).isPresent();
    }

    private Optional<JsonNode> value(HuPath path) {
        JsonNode value = policy.policy();
        for (var step : path.steps()) {
            value = switch (step) {
                case HuPath.Member(String name) -> value.path(name);
                case HuPath.Element(int index) -> value.path(index);
            };
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value);
    }

    /** Where what the message quotes is said; names that it does not quote only if it quotes nothing that is said. */
    private List<HuPath> names(String message) {
        var quoted = places(QUOTED.matcher(message)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new)));
        return quoted.isEmpty()
                ? places(NAME.matcher(message)
                        .results()
                        .map(found -> found.group())
                        .collect(Collectors.toCollection(LinkedHashSet::new)))
                : quoted;
    }

    private List<HuPath> places(Set<String> names) {
        var places = new ArrayList<HuPath>();
        collect(policy.policy(), new HuPath(List.of()), names, places);
        return places;
    }

    private static void collect(JsonNode value, HuPath at, Set<String> names, List<HuPath> places) {
        if (places.size() >= MOST) {
            return;
        }
        if (value.isTextual()) {
            if (names.stream().anyMatch(name -> says(value.textValue(), name))) {
                places.add(at);
            }
            return;
        }
        value.properties().forEach(field -> {
            var below = at.below(new HuPath.Member(field.getKey()));
            if (names.contains(field.getKey()) && !at.steps().isEmpty()) {
                places.add(below);
            }
            collect(field.getValue(), below, names, places);
        });
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            collect(value.get(i), at.below(new HuPath.Element(i)), names, places);
        }
    }

    /** The name itself, or as a destination with ports. */
    private static boolean says(String text, String name) {
        return text.equals(name) || text.startsWith(name + ":");
    }
}
