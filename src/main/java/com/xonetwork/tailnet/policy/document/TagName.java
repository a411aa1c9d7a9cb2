package com.xonetwork.tailnet.policy.document;

import java.util.Optional;

/** The rule for names of tags, with the texts of the service. */
public final class TagName {

    private static final String PREFIX = "tag:";

    private TagName() {}

    /** What the service would say of this name; empty if it is a good one. */
    public static Optional<String> problemWith(String tag) {
        if (!tag.startsWith(PREFIX)) {
            return Optional.of("tags must start with 'tag:'");
        }
        String name = tag.substring(PREFIX.length());
        if (name.isEmpty()) {
            return Optional.of("tag names must not be empty");
        }
        if (!isLetter(name.charAt(0))) {
            return Optional.of("tag names must start with a letter, after 'tag:'");
        }
        if (!name.chars().allMatch(c -> isLetter(c) || (c >= '0' && c <= '9') || c == '-')) {
            return Optional.of("tag names can only contain numbers, letters, or dashes");
        }
        return Optional.empty();
    }

    /** ASCII only: what is a letter to Unicode is none to the service. */
    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
