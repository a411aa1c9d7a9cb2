package com.xonetwork.tailnet.automation;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.ArrayDeque;

/**
 * Regular expressions of templates. RE2 takes time in proportion to the text times the size of the program that the expression
 * becomes, never more; that size is bounded here, before RE2 unrolls {@code {n,m}}, and so is the work of one check.
 */
final class LinearPattern {

    static final int LONGEST = 256;
    /** What RE2 may have to build; only a little more than {@link #LARGEST}, which is measured after. */
    private static final int LARGEST_ESTIMATE = 2_000;

    static final int LARGEST = 1_000;
    /** Characters times size of the program: about half a second. */
    private static final long MOST_WORK = 16_000_000;

    private static final String SIMPLER = "Make the pattern simpler, or use minLength and maxLength in place of {n,m}";

    private LinearPattern() {}

    /** More work than one check may be. */
    static final class TooMuchWork extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuchWork() {
            super(
                    "the patterns of the template take too long to check against texts of this length",
                    null,
                    false,
                    false);
        }
    }

    /** An expression that cannot be used; the message continues a sentence that names it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** @return size of the program */
    static int size(String pattern) throws Refused {
        if (pattern.length() > LONGEST) {
            throw new Refused("has more than " + LONGEST + " characters. " + SIMPLER);
        }
        if (pattern.contains("\\Q")) {
            throw new Refused("has \\Q, which cannot be used. Escape each character");
        }
        if (estimate(pattern) > LARGEST_ESTIMATE) {
            throw new Refused("is too large. " + SIMPLER);
        }
        int size;
        try {
            size = Pattern.compile(pattern).programSize();
        } catch (PatternSyntaxException e) {
            throw new Refused("is no regular expression of RE2 syntax, which has no backreferences and no lookaround: "
                    + e.getDescription());
        }
        if (size > LARGEST) {
            throw new Refused("is too large. " + SIMPLER);
        }
        return size;
    }

    /** Expressions for one check; together they do a bounded amount of work. */
    static RegularExpressionFactory forOneCheck() {
        return new RegularExpressionFactory() {
            private long work;

            @Override
            public RegularExpression getRegularExpression(String regex) {
                var pattern = Pattern.compile(regex);
                return text -> {
                    work += (text.length() + 1L) * pattern.programSize();
                    if (work > MOST_WORK) {
                        throw new TooMuchWork();
                    }
                    return pattern.matcher(text).find();
                };
            }
        };
    }

    private static final class Group {
        private long before;
        private long last;

        void atom(long size) {
            before = Math.min(before + last, Integer.MAX_VALUE);
            last = size;
        }

        void repeat(long times) {
            last = Math.min((last + 1) * Math.max(times, 1), Integer.MAX_VALUE);
        }

        long all() {
            return before + last;
        }
    }

    /** An upper bound, give or take a few, of the size of the program. */
    private static long estimate(String pattern) {
        var groups = new ArrayDeque<Group>();
        groups.push(new Group());
        for (int at = 0; at < pattern.length(); at++) {
            var group = groups.element();
            switch (pattern.charAt(at)) {
                case '\\' -> {
                    group.atom(1);
                    at++;
                }
                case '[' -> {
                    group.atom(1);
                    at = endOfClass(pattern, at);
                }
                case '(' -> groups.push(new Group());
                case ')' -> {
                    if (groups.size() > 1) {
                        groups.pop();
                        groups.element().atom(group.all() + 2);
                    }
                }
                case '{' -> group.repeat(times(pattern, at));
                default -> group.atom(1);
            }
        }
        return groups.stream().mapToLong(Group::all).sum();
    }

    private static int endOfClass(String pattern, int start) {
        int at = start + 1;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        var first = true;
        for (; at < pattern.length(); at++) {
            switch (pattern.charAt(at)) {
                case '\\' -> at++;
                case '[' -> {
                    var end = pattern.startsWith("[:", at) ? pattern.indexOf(":]", at + 2) : -1;
                    at = end < 0 ? at : end + 1;
                }
                case ']' -> {
                    if (!first) {
                        return at;
                    }
                }
                default -> {}
            }
            first = false;
        }
        return at;
    }

    /** The larger of the numbers of {@code {n,m}}; 1 where it is none. */
    private static long times(String pattern, int open) {
        var close = pattern.indexOf('}', open);
        var numbers = close < 0 ? "" : pattern.substring(open + 1, close);
        if (!numbers.matches("\\d{1,9}(,\\d{0,9})?")) {
            return 1;
        }
        var most = 0L;
        for (var number : numbers.split(",")) {
            most = Math.max(most, Long.parseLong(number));
        }
        return most + (numbers.endsWith(",") ? 1 : 0);
    }
}
