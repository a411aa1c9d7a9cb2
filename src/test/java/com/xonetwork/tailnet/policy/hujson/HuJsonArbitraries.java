package com.xonetwork.tailnet.policy.hujson;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random documents with comments and blanks wherever they may be. */
public final class HuJsonArbitraries {

    private HuJsonArbitraries() {}

    public static Arbitrary<String> documents() {
        return Combinators.combine(extra(), values(3), extra()).as((before, value, after) -> before + value + after);
    }

    /** An object with members of these names, so that edits find some. */
    public static Arbitrary<String> objects() {
        return Combinators.combine(extra(), object(2), extra()).as((before, value, after) -> before + value + after);
    }

    static Arbitrary<String> extra() {
        return Arbitraries.of(
                        "", "", "", " ", "\n", "\r\n", "\t", "  ", "/* c, \" } */", "// ] d\n", "/**/", "\n  // é\n  ")
                .list()
                .ofMaxSize(2)
                .map(parts -> String.join("", parts));
    }

    static Arbitrary<String> values(int depth) {
        Arbitrary<String> scalars = Arbitraries.of(
                "0",
                "-1.5e3",
                "true",
                "false",
                "null",
                "\"\"",
                "\"a // b\"",
                "\"\\\"\\\\\"",
                "\"\\u00e9 é\"",
                "\"\uD83D\uDE00\"");
        return depth == 0 ? scalars : Arbitraries.oneOf(scalars, object(depth), array(depth));
    }

    private static Arbitrary<String> object(int depth) {
        Arbitrary<List<String>> names = Arbitraries.of("a", "b", "c", "d e", "\\n")
                .list()
                .uniqueElements()
                .ofMaxSize(3);
        return names.flatMap(chosen -> Combinators.combine(
                        extra().list().ofSize(4 * chosen.size() + 1),
                        values(depth - 1).list().ofSize(chosen.size()),
                        Arbitraries.of(true, false))
                .as((extras, values, comma) -> "{"
                        + IntStream.range(0, chosen.size())
                                .mapToObj(i -> extras.get(4 * i) + '"' + chosen.get(i) + '"' + extras.get(4 * i + 1)
                                        + ":" + extras.get(4 * i + 2) + values.get(i) + extras.get(4 * i + 3))
                                .collect(Collectors.joining(","))
                        + (comma && !chosen.isEmpty() ? "," : "")
                        + extras.getLast() + "}"));
    }

    private static Arbitrary<String> array(int depth) {
        Arbitrary<String> elements = Combinators.combine(extra(), values(depth - 1), extra())
                .as((before, value, after) -> before + value + after);
        return Combinators.combine(elements.list().ofMaxSize(3), extra(), Arbitraries.of(true, false))
                .as((parts, end, comma) ->
                        "[" + String.join(",", parts) + (comma && !parts.isEmpty() ? "," : "") + end + "]");
    }
}
