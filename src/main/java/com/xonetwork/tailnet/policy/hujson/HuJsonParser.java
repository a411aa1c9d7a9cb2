package com.xonetwork.tailnet.policy.hujson;

import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuBoolean;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuElement;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuNull;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuNumber;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One pass over a text. The grammar and the words of its refusals are those of {@code github.com/tailscale/hujson}, which
 * reads policies in the service; two things differ on purpose: a name that is given twice in an object is refused, since
 * the one that a decoder drops without a word is a hole or a lock-out, and a last line that is a comment needs no newline.
 */
final class HuJsonParser {

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

    private static final String EOF = "unexpected EOF";

    private final String text;
    private int at;
    private int values;

    HuJsonParser(String text) {
        this.text = text;
    }

    HuValue document() {
        onlyUnicode();
        extra();
        HuValue root = value(0);
        extra();
        if (at < text.length()) {
            throw invalidCharacter("after top-level value");
        }
        return root;
    }

    /** A half of a surrogate pair cannot be written in UTF-8: such a text could not be sent. */
    private void onlyUnicode() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                throw problem(i, "invalid UTF-8");
            }
        }
    }

    /** Recursion is as deep as {@link HuJsonDocument#MAX_DEPTH} allows. */
    private HuValue value(int depth) {
        if (at == text.length()) {
            throw problem("parsing value: " + EOF);
        }
        if (++values > HuJsonDocument.MAX_VALUES) {
            throw problem("the policy has more than " + HuJsonDocument.MAX_VALUES + " values; make it smaller");
        }
        return switch (text.charAt(at)) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> string();
            default -> literal();
        };
    }

    private HuObject object(int depth) {
        bound(depth);
        int start = at++;
        List<HuMember> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        while (true) {
            extra();
            if (isAt('}')) {
                at++;
                return new HuObject(start, at, members);
            }
            HuString name = name();
            if (!names.add(name.value())) {
                throw problem(name.start(), GoText.quote(name.value()) + " is given twice; keep one");
            }
            extra();
            if (at == text.length()) {
                throw problem("parsing object after name: " + EOF);
            }
            if (!isAt(':')) {
                throw invalidCharacter("after object name");
            }
            int colon = at++;
            extra();
            HuValue value = value(depth);
            extra();
            if (at == text.length()) {
                throw problem("parsing object after value: " + EOF);
            }
            if (isAt(',')) {
                members.add(new HuMember(name, colon, value, at));
                at++;
            } else if (isAt('}')) {
                members.add(new HuMember(name, colon, value, -1));
            } else {
                throw invalidCharacter("after object value (expecting ',' or '}')");
            }
        }
    }

    private HuString name() {
        if (isAt('"')) {
            return string();
        }
        int start = at;
        if (!isAt('{') && !isAt('[')) {
            value(0);
        }
        at = start;
        throw invalidCharacter("at start of object name");
    }

    private HuArray array(int depth) {
        bound(depth);
        int start = at++;
        List<HuElement> elements = new ArrayList<>();
        while (true) {
            extra();
            if (isAt(']')) {
                at++;
                return new HuArray(start, at, elements);
            }
            HuValue value = value(depth);
            extra();
            if (at == text.length()) {
                throw problem("parsing array after value: " + EOF);
            }
            if (isAt(',')) {
                elements.add(new HuElement(value, at));
                at++;
            } else if (isAt(']')) {
                elements.add(new HuElement(value, -1));
            } else {
                throw invalidCharacter("after array value (expecting ',' or ']')");
            }
        }
    }

    private HuString string() {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return new HuString(start, at, value.toString());
            }
            if (c < ' ') {
                throw problem("invalid character " + described(c) + " in string literal");
            }
            if (c == '\\') {
                escape(value);
            } else {
                value.append(c);
                at++;
            }
        }
        throw problem("parsing string: " + EOF);
    }

    private void escape(StringBuilder value) {
        int start = at;
        at++;
        if (at == text.length()) {
            throw problem("parsing string: " + EOF);
        }
        char c = text.charAt(at++);
        switch (c) {
            case '"', '\\', '/' -> value.append(c);
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'u' -> unicode(start, value);
            default -> throw problem(start, "invalid escape in string literal");
        }
    }

    /** As Go decodes it: a half of a surrogate pair becomes U+FFFD. */
    private void unicode(int start, StringBuilder value) {
        char first = hex(start);
        if (!Character.isSurrogate(first)) {
            value.append(first);
        } else if (Character.isHighSurrogate(first) && text.startsWith("\\u", at)) {
            int second = at;
            at += 2;
            char low = hex(second);
            if (Character.isLowSurrogate(low)) {
                value.append(first).append(low);
            } else {
                value.append('\uFFFD');
                at = second;
            }
        } else {
            value.append('\uFFFD');
        }
    }

    private char hex(int start) {
        int value = 0;
        for (int i = 0; i < 4; i++, at++) {
            // ASCII only: Character.digit would take the digits of every script.
            int digit = at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw problem(start, "invalid escape in string literal");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    private HuValue literal() {
        int start = at;
        while (at < text.length() && isLiteral(text.charAt(at))) {
            at++;
        }
        String literal = text.substring(start, at);
        switch (literal) {
            case "" -> throw invalidCharacter("at start of value");
            case "true", "false" -> {
                return new HuBoolean(start, at, literal.equals("true"));
            }
            case "null" -> {
                return new HuNull(start, at);
            }
            default -> {
                if (NUMBER.matcher(literal).matches()) {
                    return new HuNumber(start, at, literal);
                }
                throw problem(start, "invalid literal: " + shortened(literal));
            }
        }
    }

    private static String shortened(String literal) {
        return literal.length() <= 40 ? literal : literal.substring(0, 40) + "…";
    }

    private static boolean isLiteral(char c) {
        return c == '-'
                || c == '+'
                || c == '.'
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9');
    }

    /** Blanks and comments. */
    private void extra() {
        at = skipExtra(text, at);
        if (at < 0) {
            at = -at - 1;
            throw problem("parsing comment: " + EOF);
        }
    }

    /** The offset after the blanks and comments that begin at an offset; {@code -1 - offset} of a comment without end. */
    static int skipExtra(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    return -1 - at;
                }
                at = end + 2;
            } else {
                return at;
            }
        }
        return at;
    }

    private void bound(int depth) {
        if (depth > HuJsonDocument.MAX_DEPTH) {
            throw problem("nested deeper than " + HuJsonDocument.MAX_DEPTH + " levels");
        }
    }

    private boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private HuJsonSyntaxException invalidCharacter(String where) {
        return problem("invalid character " + described(text.codePointAt(at)) + " " + where);
    }

    private static String described(int codePoint) {
        return GoText.quoteRune(codePoint);
    }

    private HuJsonSyntaxException problem(String problem) {
        return problem(at, problem);
    }

    private HuJsonSyntaxException problem(int offset, String problem) {
        return new HuJsonSyntaxException(HuJsonDocument.place(text, offset), problem);
    }
}
