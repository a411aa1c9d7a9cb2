package com.xonetwork.tailnet.policy.model;

import java.util.Locale;
import java.util.Optional;

/** The rules for names of tags, with the texts of the control planes. */
final class TagNames {

    private static final String PREFIX = "tag:";

    private TagNames() {}

    static Optional<String> tailscale(String tag) {
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

    /** Tag.Validate in hscontrol/policy/v2/types.go: after the first letter comes anything. */
    static Optional<String> headscale(String tag) {
        if (!tag.startsWith(PREFIX)) {
            return Optional.of("tags must start with 'tag:'");
        }
        return tag.length() > PREFIX.length() && isLetter(tag.charAt(PREFIX.length()))
                ? Optional.empty()
                : Optional.of("tag names must start with a letter, after 'tag:'");
    }

    /**
     * validateTag in hscontrol/grpcv1.go, for the tags of a device and of a join key. A quotation mark and a backslash it takes, and finds
     * no owner for, because tagOwners is read with its escapes.
     */
    static Optional<String> headscaleApi(String tag) {
        if (!tag.toLowerCase(Locale.ROOT).equals(tag)) {
            return Optional.of("tag should be lowercase");
        }
        if (HeadscaleText.trimmed(tag).chars().anyMatch(HeadscaleText::isBlank)) {
            return Optional.of("tags must not contain spaces");
        }
        return tag.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')
                ? Optional.of("tags with control characters, quotation marks or backslashes have no owner")
                : Optional.empty();
    }

    /** ASCII only: what is a letter to Unicode is none to the services. */
    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
