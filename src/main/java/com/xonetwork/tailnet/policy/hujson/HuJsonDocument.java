package com.xonetwork.tailnet.policy.hujson;

import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A text in HuJSON and the tree of what it says. The text is kept as it came; offsets in the tree are into {@link #text()}.
 */
public final class HuJsonDocument {

    /** Bytes of UTF-8. The service's own limit is not documented; the largest known policies are a tenth of this. */
    public static final int MAX_BYTES = 5 * 1024 * 1024;

    /** Objects and lists inside one another: more than any policy has, few enough for recursion over the tree. */
    public static final int MAX_DEPTH = 100;

    /** Texts, numbers, lists and objects: each takes many times as much memory as the bytes that it is written in. */
    public static final int MAX_VALUES = 200_000;

    private final String text;
    private final HuValue root;
    private final int[] lineStarts;

    private HuJsonDocument(String text, HuValue root) {
        this.text = text;
        this.root = root;
        this.lineStarts = lineStarts(text);
    }

    /**
     * @throws HuJsonSyntaxException if the text is not one value in HuJSON, gives a name twice in one object, holds what is
     *     not Unicode, is larger than {@link #MAX_BYTES}, nested deeper than {@link #MAX_DEPTH}, or has more
     *     values than {@link #MAX_VALUES}
     */
    public static HuJsonDocument parse(String text) {
        // The cheap bound first: a character is at least a byte.
        if (text.length() > MAX_BYTES || Utf8.length(text, 0, text.length()) > MAX_BYTES) {
            throw new HuJsonSyntaxException(
                    new LineColumn(1, 1), "the policy is larger than 5 MiB; split it or make it smaller");
        }
        return new HuJsonDocument(text, new HuJsonParser(text).document());
    }

    /**
     * @throws HuJsonSyntaxException as {@link #parse(String)}, and if the bytes are not UTF-8
     */
    public static HuJsonDocument parse(byte[] utf8) {
        if (utf8.length > MAX_BYTES) {
            throw new HuJsonSyntaxException(
                    new LineColumn(1, 1), "the policy is larger than 5 MiB; split it or make it smaller");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(utf8);
        CharBuffer characters = CharBuffer.allocate(utf8.length);
        CoderResult result = decoder.decode(bytes, characters, true);
        if (result.isError()) {
            characters.flip();
            String good = characters.toString();
            throw new HuJsonSyntaxException(place(good, lineStarts(good), good.length()), "invalid UTF-8");
        }
        characters.flip();
        return parse(characters.toString());
    }

    /** Whether there is nothing but blanks and comments in a text. */
    public static boolean isBlank(String text) {
        return HuJsonParser.skipExtra(text, 0) == text.length();
    }

    public String text() {
        return text;
    }

    public HuValue root() {
        return root;
    }

    /** Where an offset is, for people. */
    public LineColumn place(int offset) {
        return place(text, lineStarts, offset);
    }

    /** The offset of the first thing on a line that is no blank; at a column if it is on the line. */
    public int offsetOf(LineColumn place) {
        int line = Math.clamp(place.line(), 1, lineStarts.length);
        int end = line < lineStarts.length ? lineStarts[line] : text.length();
        int at = Math.min(lineStarts[line - 1] + Math.max(0, place.column() - 1), end);
        while (at < end && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The innermost value at an offset, as a path from the root: {@code acls[2].src[0]}, {@code groups["group:a"]}. */
    public String pathTo(int offset) {
        return wayTo(offset).toString();
    }

    /** The way to the innermost value at an offset. */
    public HuPath wayTo(int offset) {
        List<HuPath.Step> way = new ArrayList<>();
        HuValue value = root;
        while (true) {
            switch (value) {
                case HuObject object -> {
                    int at = first(object.members(), member -> end(member) > offset);
                    if (at < 0 || object.members().get(at).name().start() > offset) {
                        return new HuPath(way);
                    }
                    HuMember member = object.members().get(at);
                    way.add(new HuPath.Member(member.name().value()));
                    value = member.value();
                    if (value.start() > offset) {
                        return new HuPath(way);
                    }
                }
                case HuArray array -> {
                    int at = first(array.elements(), element -> element.value().end() > offset);
                    if (at < 0 || array.elements().get(at).value().start() > offset) {
                        return new HuPath(way);
                    }
                    way.add(new HuPath.Element(at));
                    value = array.elements().get(at).value();
                }
                default -> {
                    return new HuPath(way);
                }
            }
        }
    }

    /** Where the value at the end of a way is, or the last one on it that is there; names as the service reads them, regardless of case. */
    public LineColumn place(HuPath way) {
        HuValue value = root;
        int start = root.start();
        for (HuPath.Step step : way.steps()) {
            Optional<HuMember> member =
                    step instanceof HuPath.Member(String name) ? member(value, name) : Optional.empty();
            Optional<HuValue> next =
                    step instanceof HuPath.Element(int index) ? element(value, index) : member.map(HuMember::value);
            if (next.isEmpty()) {
                return place(start);
            }
            value = next.get();
            start = member.map(HuMember::name)
                    .<HuValue>map(name -> name)
                    .orElse(value)
                    .start();
        }
        return place(start);
    }

    private static Optional<HuMember> member(HuValue value, String name) {
        return value instanceof HuObject object
                ? object.member(name)
                        .or(() -> object.members().stream()
                                .filter(one -> one.name().value().equalsIgnoreCase(name))
                                .findFirst())
                : Optional.empty();
    }

    private static Optional<HuValue> element(HuValue value, int index) {
        return value instanceof HuArray array && index < array.elements().size()
                ? Optional.of(array.elements().get(index).value())
                : Optional.empty();
    }

    private static int end(HuMember member) {
        return member.value().end();
    }

    /** The first for which the test holds; it holds for all after that. */
    private static <T> int first(List<T> list, Predicate<T> test) {
        int low = 0;
        int high = list.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (test.test(list.get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < list.size() ? low : -1;
    }

    static LineColumn place(String text, int offset) {
        return place(text, lineStarts(text), offset);
    }

    private static LineColumn place(String text, int[] lineStarts, int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        int line = found >= 0 ? found : -found - 2;
        return new LineColumn(line + 1, 1 + Utf8.length(text, lineStarts[line], offset));
    }

    private static int[] lineStarts(String text) {
        int lines = 1;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            lines++;
        }
        int[] starts = new int[lines];
        int line = 1;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            starts[line] = at + 1;
            line++;
        }
        return starts;
    }
}
