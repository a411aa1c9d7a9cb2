package com.xonetwork.tailnet.policy.document;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line on top of every policy that we publish, which says whose it is. It warns whoever opens the file in the admin
 * console that edits there do not last, and it lets us see, before we overwrite a policy, whether another Tailnet
 * resource (perhaps in another cluster) believes that it owns the same tailnet.
 */
public final class PolicyMark {

    private static final String BEFORE = "Managed by XO Tailnet Operator from Tailnet ";
    private static final String AFTER = "; edits made here are put back.";

    /** Names as Kubernetes allows them. What follows the owner may change in later versions and is not looked at. */
    private static final Pattern LINE =
            Pattern.compile(Pattern.quote(BEFORE) + "([a-z0-9-]{1,63}/[a-z0-9.-]{1,253})(?:;.*)?");

    private PolicyMark() {}

    /** The line, without {@code //}, for {@link PolicyRenderer#render}. */
    public static String line(String namespace, String name) {
        return BEFORE + namespace + '/' + name + AFTER;
    }

    /**
     * {@code <namespace>/<name>} of the Tailnet that published this text, if one did. Only comments before the policy
     * itself count: further down, or inside a string, the words are a user's. The text need not be valid.
     */
    public static Optional<String> ownerIn(String text) {
        int at = 0;
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (text.startsWith("//", at)) {
                int end = endOf(text, "\n", at);
                Optional<String> owner = ownerInLine(text.substring(at + 2, end));
                if (owner.isPresent()) {
                    return owner;
                }
                at = end;
            } else if (text.startsWith("/*", at)) {
                at = Math.min(text.length(), endOf(text, "*/", at + 2) + 2);
            } else {
                return Optional.empty();
            }
        }
    }

    private static Optional<String> ownerInLine(String comment) {
        Matcher matcher = LINE.matcher(comment.strip());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static int endOf(String text, String terminator, int from) {
        int end = text.indexOf(terminator, from);
        return end < 0 ? text.length() : end;
    }
}
