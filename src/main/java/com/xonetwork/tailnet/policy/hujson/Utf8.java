package com.xonetwork.tailnet.policy.hujson;

/** Measures text in the unit in which the service counts. */
final class Utf8 {

    private Utf8() {}

    /** The bytes of a part of a text; a surrogate without its other half counts as the three bytes of U+FFFD. */
    static int length(String text, int from, int to) {
        int bytes = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
