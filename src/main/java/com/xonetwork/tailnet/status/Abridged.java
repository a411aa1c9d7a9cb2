package com.xonetwork.tailnet.status;

import com.xonetwork.tailnet.pure.Pure;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Long texts and lists, as far as a message has room for them. */
@Pure
public final class Abridged {

    private Abridged() {}

    /** @param most characters, of which the last says that there were more */
    public static String text(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        var end = most - 1;
        // Never cut a surrogate pair.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** {@code a, b and 3 more}. */
    public static String list(List<String> names, int shown) {
        return list(names, shown, ", ", Function.identity());
    }

    /** @param words only asked of those that are shown */
    public static <T> String list(List<T> all, int shown, String separator, Function<? super T, String> words) {
        var first = all.stream().limit(shown).map(words).collect(Collectors.joining(separator));
        return all.size() <= shown ? first : first + " and " + (all.size() - shown) + " more";
    }
}
