package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;

/** Users' values inside messages: quoted, on one line, and short, because messages end in conditions and Events. */
final class Quoted {

    private static final int MAX = 80;

    private Quoted() {}

    static String of(String value) {
        return '"' + shorten(String.valueOf(JsonStringEncoder.getInstance().quoteAsString(value))) + '"';
    }

    static String of(JsonNode value) {
        return value.isTextual() ? of(value.textValue()) : shorten(value.toString());
    }

    private static String shorten(String text) {
        if (text.length() <= MAX) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX - 1)) ? MAX - 1 : MAX;
        return text.substring(0, end) + "…";
    }
}
