package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TagStatus;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher.Match;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tags that a node should carry, each with who wants it. */
record DesiredTags(SortedMap<String, List<String>> sources) {

    static DesiredTags of(TailnetNodeSpec spec, List<Match> classes) {
        var sources = new TreeMap<String, List<String>>();
        spec.tags().forEach(tag -> add(sources, tag, "spec"));
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
