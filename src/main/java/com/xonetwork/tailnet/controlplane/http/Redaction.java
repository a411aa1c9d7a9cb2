package com.xonetwork.tailnet.controlplane.http;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of text that others wrote. Services do repeat what they were sent ("key tskey-... is not valid"), and
 * their messages end in conditions and logs.
 */
final class Redaction {

    /** Every kind of key that Tailscale and Headscale hand out. */
    private static final Pattern KEY = Pattern.compile("\\b(?:ts|hs)key-[A-Za-z0-9_-]+");

    /** A JSON Web Token, or the beginning of one: its header is base64url of {@code {"}. */
    private static final Pattern TOKEN = Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)*");

    private static final String MASK = "***";

    /** Shorter ones would mask ordinary words. */
    private static final int SHORTEST = 6;

    private final List<String> secrets;

    /** @param secrets what this connection sends to prove itself */
    Redaction(List<String> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    String clean(String text, @Nullable String bearer) {
        var cleaned = text;
        for (var secret : secrets) {
            cleaned = without(cleaned, secret);
        }
        if (bearer != null) {
            cleaned = without(cleaned, bearer);
        }
        return TOKEN.matcher(KEY.matcher(cleaned).replaceAll(MASK)).replaceAll(MASK);
    }

    private static String without(String text, String secret) {
        return secret.length() < SHORTEST ? text : text.replace(secret, MASK);
    }
}
