package com.xonetwork.tailnet.policy.hujson;

import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuElement;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import java.util.List;
import java.util.Optional;

/**
 * Changes one member of a document and leaves every other byte as it was: comments, blanks, order and commas of everybody
 * else's survive. What is added takes on the look of its neighbours: a line of its own where they have one, a trailing comma
 * where the last of them has one.
 *
 * <p>A path leads from the root to a value: names of members, indexes of lists in decimal. Values are given as text in
 * HuJSON. Every method returns a new document; the old one stays.
 */
public final class HuJsonEditor {

    private final HuJsonDocument document;

    public HuJsonEditor(HuJsonDocument document) {
        this.document = document;
    }

    /**
     * Gives a member of an object a value. A member that is not there is added after the last one.
     *
     * @param path to the member; everything before its last name must be there
     * @throws IllegalArgumentException if the path leads nowhere
     * @throws HuJsonSyntaxException if the value is no HuJSON, or the document would become too large or too deep
     */
    public HuJsonDocument set(List<String> path, String value) {
        String trimmed = onlyValue(value);
        Optional<HuValue> present = find(path);
        if (present.isPresent()) {
            return replace(present.get().start(), present.get().end(), trimmed);
        }
        HuValue parent = parent(path);
        if (!(parent instanceof HuObject object)) {
            throw new IllegalArgumentException("no such element: " + path);
        }
        return Additions.to(document, object, member(path.getLast()) + ": " + trimmed);
    }

    /**
     * Adds an element after the last one of a list.
     *
     * @param path to the list
     * @throws IllegalArgumentException if there is no list at the path
     * @throws HuJsonSyntaxException as {@link #set}
     */
    public HuJsonDocument append(List<String> path, String value) {
        if (find(path).orElse(null) instanceof HuArray array) {
            return Additions.to(document, array, onlyValue(value));
        }
        throw new IllegalArgumentException("no list at " + path);
    }

    /**
     * Removes a member or an element: the value, its name, one comma, and the line if nothing else is on it. Comments
     * stay, but for those within the value or between it and its name. The same document if it is not there.
     *
     * @throws IllegalArgumentException if the path is empty: a document without a value is none
     */
    public HuJsonDocument remove(List<String> path) {
        if (find(path).isEmpty()) {
            return document;
        }
        return switch (parent(path)) {
            case HuObject object -> {
                int index = index(object, path.getLast());
                HuMember member = object.members().get(index);
                boolean last = index == object.members().size() - 1;
                int previous =
                        last && index > 0 ? object.members().get(index - 1).comma() : -1;
                yield remove(member.name().start(), member.value().end(), member.comma(), last, previous);
            }
            case HuArray array -> {
                int index = Integer.parseInt(path.getLast());
                HuElement element = array.elements().get(index);
                boolean last = index == array.elements().size() - 1;
                int previous =
                        last && index > 0 ? array.elements().get(index - 1).comma() : -1;
                yield remove(element.value().start(), element.value().end(), element.comma(), last, previous);
            }
            default -> document;
        };
    }

    /**
     * @param comma after the value, -1 without one
     * @param previous the comma before it, if the value is the last: without a comma of its own that one goes
     */
    private HuJsonDocument remove(int start, int end, int comma, boolean last, int previous) {
        String text = document.text();
        int from = start;
        int to = end;
        if (comma >= 0 && text.substring(end, comma).isBlank()) {
            to = comma + 1;
        }
        boolean commaApart = comma >= to;
        int lineStart = blanksBefore(text, from);
        int lineEnd = blanksAfter(text, to);
        boolean startsLine = lineStart == 0 || text.charAt(lineStart - 1) == '\n';
        boolean endsLine = lineEnd < text.length() && text.charAt(lineEnd) == '\n';
        if (startsLine && endsLine) {
            from = lineStart;
            to = lineEnd + 1;
        } else if (endsLine || last) {
            from = startsLine ? from : lineStart;
        } else {
            to = lineEnd;
        }
        StringBuilder edited = new StringBuilder(text);
        if (commaApart) {
            edited.deleteCharAt(comma);
        }
        edited.delete(from, to);
        if (comma < 0 && previous >= 0) {
            edited.deleteCharAt(previous);
        }
        return HuJsonDocument.parse(edited.toString());
    }

    static int blanksBefore(String text, int at) {
        int from = at;
        while (from > 0 && (text.charAt(from - 1) == ' ' || text.charAt(from - 1) == '\t')) {
            from--;
        }
        return from;
    }

    private static int blanksAfter(String text, int at) {
        int to = at;
        while (to < text.length() && (text.charAt(to) == ' ' || text.charAt(to) == '\t' || text.charAt(to) == '\r')) {
            to++;
        }
        return to;
    }

    private HuJsonDocument replace(int from, int to, String value) {
        String text = document.text();
        return HuJsonDocument.parse(text.substring(0, from) + value + text.substring(to));
    }

    /** The value at a path. */
    public Optional<HuValue> find(List<String> path) {
        Optional<HuValue> value = Optional.of(document.root());
        for (String step : path) {
            value = value.flatMap(parent -> child(parent, step));
        }
        return value;
    }

    private HuValue parent(List<String> path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the path is empty");
        }
        return find(path.subList(0, path.size() - 1))
                .orElseThrow(() -> new IllegalArgumentException("no such member: " + path));
    }

    private static Optional<HuValue> child(HuValue parent, String step) {
        return switch (parent) {
            case HuObject object -> object.member(step).map(HuMember::value);
            case HuArray array -> {
                boolean index =
                        step.length() <= 7 && !step.isEmpty() && step.chars().allMatch(c -> c >= '0' && c <= '9');
                yield index && Integer.parseInt(step) < array.elements().size()
                        ? Optional.of(
                                array.elements().get(Integer.parseInt(step)).value())
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private static int index(HuObject object, String name) {
        for (int i = 0; i < object.members().size(); i++) {
            if (object.members().get(i).name().value().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no such member: " + name);
    }

    /** Without the comments around it, which could swallow what follows. */
    private static String onlyValue(String value) {
        HuJsonDocument parsed = HuJsonDocument.parse(value);
        return parsed.text().substring(parsed.root().start(), parsed.root().end());
    }

    private static String member(String name) {
        StringBuilder out = new StringBuilder(name.length() + 2).append('"');
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
