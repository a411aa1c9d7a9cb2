package com.xonetwork.tailnet.policy.hujson;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The way from the root of a document to a value in it. As text: {@code acls[2].src[0]}, {@code groups["group:a"]}.
 *
 * @param steps none at the root
 */
public record HuPath(List<Step> steps) {

    private static final String PLAIN = "[A-Za-z][A-Za-z0-9_-]*";
    private static final Pattern PLAIN_NAME = Pattern.compile(PLAIN);
    private static final String STEP = "\\.?(" + PLAIN + ")|\\[(\\d{1,7})]|\\[\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"]";
    private static final Pattern STEPS = Pattern.compile("\\G(?:" + STEP + ")");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([\"\\\\])");

    /** One level down. */
    public sealed interface Step {}

    /** Into an object. */
    public record Member(String name) implements Step {}

    /** Into a list. @param index from 0 */
    public record Element(int index) implements Step {}

    public HuPath {
        steps = List.copyOf(steps);
    }

    /** Of a text that {@link #toString()} may have written; reads as far as it is one. */
    public static HuPath parse(String text) {
        return new HuPath(STEPS.matcher(text).results().map(HuPath::step).toList());
    }

    private static Step step(MatchResult found) {
        if (found.group(1) != null) {
            return new Member(found.group(1));
        }
        return found.group(2) != null
                ? new Element(Integer.parseInt(found.group(2)))
                : new Member(ESCAPED.matcher(found.group(3)).replaceAll("$1"));
    }

    public HuPath below(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new HuPath(longer);
    }

    /** The name of the first step; empty at the root. */
    public String section() {
        return !steps.isEmpty() && steps.getFirst() instanceof Member(String name) ? name : "";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            switch (step) {
                case Element(int index) -> text.append('[').append(index).append(']');
                case Member(String name)
                when PLAIN_NAME.matcher(name).matches() ->
                    text.append(text.isEmpty() ? "" : ".").append(name);
                case Member(String name) ->
                    text.append('[').append(GoText.quote(name)).append(']');
            }
        }
        return text.toString();
    }
}
