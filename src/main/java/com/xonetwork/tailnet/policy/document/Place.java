package com.xonetwork.tailnet.policy.document;

import com.xonetwork.tailnet.policy.hujson.HuPath;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Where in a policy something is said: a section, a name in it, a name below that. */
record Place(List<String> path) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::section, Section.ORDER).thenComparing(Place::key, Place::compareKeys);

    Place {
        path = List.copyOf(path);
    }

    static Place of(String section) {
        return new Place(List.of(section));
    }

    Place below(String name) {
        return new Place(concat(path, name));
    }

    String section() {
        return path.getFirst();
    }

    /** The names below the section. */
    List<String> key() {
        return path.subList(1, path.size());
    }

    String last() {
        return path.getLast();
    }

    HuPath way() {
        return new HuPath(path.stream().<HuPath.Step>map(HuPath.Member::new).toList());
    }

    /** Parents before children, so that a tree can be built in this order. */
    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    /** As users know it: {@code hosts["db"]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(section());
        key().forEach(name -> text.append('[').append(Quoted.of(name)).append(']'));
        return text.toString();
    }

    private static List<String> concat(List<String> path, String name) {
        return Stream.concat(path.stream(), Stream.of(name)).toList();
    }

    private static int compareKeys(List<String> one, List<String> other) {
        Iterator<String> rest = other.iterator();
        for (String name : one) {
            if (!rest.hasNext()) {
                return 1;
            }
            int order = name.compareTo(rest.next());
            if (order != 0) {
                return order;
            }
        }
        return rest.hasNext() ? -1 : 0;
    }
}
