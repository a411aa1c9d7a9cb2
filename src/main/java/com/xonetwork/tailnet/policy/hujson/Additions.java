package com.xonetwork.tailnet.policy.hujson;

import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuElement;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;

/** Puts one more part into an object or a list, in the manner of the parts that are there. */
final class Additions {

    private static final String INDENT = "  ";

    private final HuJsonDocument document;
    private final String text;

    private Additions(HuJsonDocument document) {
        this.document = document;
        this.text = document.text();
    }

    static HuJsonDocument to(HuJsonDocument document, HuObject object, String part) {
        Additions additions = new Additions(document);
        if (object.members().isEmpty()) {
            return additions.first(object, part);
        }
        HuMember last = object.members().getLast();
        return additions.after(object, last.name().start(), last.value().end(), last.comma(), part);
    }

    static HuJsonDocument to(HuJsonDocument document, HuArray array, String part) {
        Additions additions = new Additions(document);
        if (array.elements().isEmpty()) {
            return additions.first(array, part);
        }
        HuElement last = array.elements().getLast();
        return additions.after(array, last.value().start(), last.value().end(), last.comma(), part);
    }

    /** Into what is empty: on a line of its own if the closing bracket has one, after all comments. */
    private HuJsonDocument first(HuValue parent, String part) {
        int close = parent.end() - 1;
        int at = endOfComments(parent.start() + 1, close);
        if (text.substring(at, close).indexOf('\n') >= 0) {
            String outer = indent(close);
            String unit = outer.startsWith("\t") ? "\t" : INDENT;
            int lineEnd = lineEnd(at);
            return insert(lineEnd, newline(lineEnd) + outer + unit + part);
        }
        String blank = at > parent.start() + 1 ? " " : "";
        return insert(at, blank + part);
    }

    /**
     * @param start of the last part
     * @param end of its value
     * @param comma after it, -1 without one
     */
    private HuJsonDocument after(HuValue parent, int start, int end, int comma, String part) {
        int close = parent.end() - 1;
        String trailing = comma >= 0 ? "," : "";
        int behind = comma >= 0 ? comma + 1 : end;
        int line = HuJsonEditor.blanksBefore(text, start);
        int at = endOfComments(behind, close);
        boolean ownLine = line > 0
                && text.charAt(line - 1) == '\n'
                && text.substring(at, close).indexOf('\n') >= 0;
        if (!ownLine) {
            String separator = comma >= 0 ? " " : ", ";
            return insert(behind, separator + part + trailing);
        }
        int lineEnd = lineEnd(at);
        String addition = newline(lineEnd) + text.substring(line, start) + part + trailing;
        if (comma >= 0) {
            return insert(lineEnd, addition);
        }
        return HuJsonDocument.parse(
                text.substring(0, end) + "," + text.substring(end, lineEnd) + addition + text.substring(lineEnd));
    }

    private HuJsonDocument insert(int at, String addition) {
        return HuJsonDocument.parse(text.substring(0, at) + addition + text.substring(at));
    }

    /** The end of the last comment between two offsets that have only blanks and comments between them. */
    private int endOfComments(int from, int to) {
        int at = from;
        int end = from;
        while (at < to) {
            if (text.startsWith("//", at)) {
                at = text.indexOf('\n', at);
                end = at > 0 && text.charAt(at - 1) == '\r' ? at - 1 : at;
            } else if (text.startsWith("/*", at)) {
                at = text.indexOf("*/", at + 2) + 2;
                end = at;
            } else {
                at++;
            }
        }
        return end;
    }

    /** The blanks with which the line of an offset begins. */
    private String indent(int at) {
        int line = text.lastIndexOf('\n', at - 1) + 1;
        int end = line;
        while (text.charAt(end) == ' ' || text.charAt(end) == '\t') {
            end++;
        }
        return text.substring(line, end);
    }

    /** Where the line of an offset ends. */
    private int lineEnd(int at) {
        int newline = text.indexOf('\n', at);
        return newline > at && text.charAt(newline - 1) == '\r' ? newline - 1 : newline;
    }

    /** As the line ends that ends there. */
    private String newline(int lineEnd) {
        return text.charAt(lineEnd) == '\r' ? "\r\n" : "\n";
    }
}
