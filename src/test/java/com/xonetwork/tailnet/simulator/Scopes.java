package com.xonetwork.tailnet.simulator;

import java.util.Arrays;
import java.util.Collection;
import java.util.SequencedSet;
import java.util.TreeSet;

/** OAuth scopes of a credential: a write scope covers its {@code :read}, {@code all} covers everything. */
public record Scopes(SequencedSet<String> names) {

    private static final String READ = ":read";

    public Scopes {
        names = new TreeSet<>(names);
    }

    public static Scopes of(String... names) {
        return new Scopes(new TreeSet<>(Arrays.asList(names)));
    }

    static Scopes of(Collection<String> names) {
        return new Scopes(new TreeSet<>(names));
    }

    /** Whether these scopes allow what {@code needed} allows. */
    public boolean cover(String needed) {
        if (names.contains(needed) || names.contains("all")) {
            return true;
        }
        if (!needed.endsWith(READ)) {
            return false;
        }
        return names.contains("all" + READ) || names.contains(needed.substring(0, needed.length() - READ.length()));
    }

    /** Devices and join keys belong to tags, so a credential for them must say which tags it may hand out. */
    boolean needTags() {
        return names.contains("devices:core") || names.contains("auth_keys");
    }

    @Override
    public String toString() {
        return String.join(" ", names);
    }
}
