package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TagStatus;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher.Match;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tags that a node should carry, each with who wants it. */
record DesiredTags(SortedMap<String, List<String>> sources) {

    private static final String SPEC = "spec";

    static DesiredTags of(TailnetNodeSpec spec, List<Match> classes) {
        var sources = new TreeMap<String, List<String>>();
        spec.tags().forEach(tag -> add(sources, tag, SPEC));
        for (var match : classes) {
            var name = "NodeClass/" + match.name();
            match.nodeClass().getSpec().tags().forEach(tag -> add(sources, tag, name));
            match.matchedTags().forEach(tag -> add(sources, tag, name + " (matched)"));
        }
        return new DesiredTags(Collections.unmodifiableSortedMap(sources));
    }

    private static void add(SortedMap<String, List<String>> sources, String tag, String source) {
        var already = sources.computeIfAbsent(tag, unused -> new ArrayList<>());
        if (!already.contains(source)) {
            already.add(source);
        }
    }

    /**
     * Which tag the control plane would not take, whoever owns it, who wants it, and why not; empty if there is none.
     *
     * @param syntax of the node's Tailnet; while it is not known the control plane tells
     */
    Optional<String> unfit(Optional<PolicySyntax> syntax) {
        return syntax.flatMap(rules -> sources.entrySet().stream()
                .flatMap(tag -> rules
                        .carriedTagProblem(tag.getKey())
                        .map(problem -> (rules == PolicySyntax.TAILSCALE ? "Tailscale" : "Headscale")
                                + " does not accept " + tag.getKey() + ", which " + places(tag.getValue()) + " sets: "
                                + problem + ". Use another tag there")
                        .stream())
                .findFirst());
    }

    private static String places(List<String> wishes) {
        return wishes.stream()
                .map(wish -> wish.equals(SPEC) ? "spec.tags" : wish)
                .collect(Collectors.joining(", "));
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    SortedSet<String> names() {
        return new TreeSet<>(sources.keySet());
    }

    List<TagStatus> tags() {
        return sources.entrySet().stream()
                .map(entry -> new TagStatus(entry.getKey(), entry.getValue()))
                .toList();
    }
}
