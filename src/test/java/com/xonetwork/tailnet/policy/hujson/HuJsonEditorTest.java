package com.xonetwork.tailnet.policy.hujson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuJsonEditorTest {

    private static final String POLICY = """
            // ours
            {
              "groups": { // who
                "group:a": ["x@y"],
                "group:b": ["z@y"] // last
              },

              /* what */
              "acls": [
                {"action": "accept"},
              ],
            }
            """;

    @Test
    void changesOneValueOnly() {
        assertThat(set(POLICY, "[\"new@y\"]", "groups", "group:a"))
                .isEqualTo(POLICY.replace("[\"x@y\"]", "[\"new@y\"]"));
        assertThat(set(POLICY, "5", "acls", "0", "action")).isEqualTo(POLICY.replace("\"accept\"", "5"));
    }

    @Test
    void addsInTheMannerOfTheNeighbours() {
        assertThat(set(POLICY, "[]", "groups", "group:c"))
                .isEqualTo(POLICY.replace("[\"z@y\"] // last\n", "[\"z@y\"], // last\n    \"group:c\": []\n"));
        assertThat(set(POLICY, "{}", "hosts")).isEqualTo(POLICY.replace("  ],\n}", "  ],\n  \"hosts\": {},\n}"));
        assertThat(append(POLICY, "{}", "acls"))
                .isEqualTo(POLICY.replace("{\"action\": \"accept\"},\n", "{\"action\": \"accept\"},\n    {},\n"));
        assertThat(append(POLICY, "\"w@y\"", "groups", "group:a"))
                .isEqualTo(POLICY.replace("[\"x@y\"]", "[\"x@y\", \"w@y\"]"));
    }

    @Test
    void removesTheWholeLine() {
        assertThat(remove(POLICY, "groups", "group:a")).isEqualTo(POLICY.replace("    \"group:a\": [\"x@y\"],\n", ""));
        assertThat(remove(POLICY, "groups", "group:b"))
                .as("comments stay")
                .isEqualTo(POLICY.replace("[\"x@y\"],\n    \"group:b\": [\"z@y\"]", "[\"x@y\"]\n    "));
        assertThat(remove(POLICY, "acls", "0")).isEqualTo(POLICY.replace("    {\"action\": \"accept\"},\n", ""));
        assertThat(remove(POLICY, "nothing")).isEqualTo(POLICY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {\"b\": 2}",
                "{\"a\": 1} | {\"a\": 1, \"b\": 2}",
                "{\"a\": 1,} | {\"a\": 1, \"b\": 2,}",
                "{\"b\" : 1} | {\"b\" : 2}",
                "{ /* c */ } | { /* c */ \"b\": 2 }",
                "{\"a\": 1 /* c */} | {\"a\": 1, \"b\": 2 /* c */}"
            })
    void setsOnOneLine(String before, String after) {
        assertThat(set(before, "2", "b")).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"b\": 2} | {}",
                "{\"a\": 1, \"b\": 2} | {\"a\": 1}",
                "{\"b\": 2, \"a\": 1} | {\"a\": 1}",
                "{\"a\": 1, \"b\": 2,} | {\"a\": 1,}",
                "{\"a\": 1, /* c */ \"b\": 2 /* d */} | {\"a\": 1 /* c */ /* d */}",
                "{\"b\": 2 /* d */, \"a\": 1} | {/* d */ \"a\": 1}"
            })
    void removesOnOneLine(String before, String after) {
        assertThat(remove(before, "b")).isEqualTo(after);
    }

    @Test
    void keepsTheLineEndsOfTheDocument() {
        assertThat(set("{\r\n\t\"a\": 1\r\n}\r\n", "2", "b")).isEqualTo("{\r\n\t\"a\": 1,\r\n\t\"b\": 2\r\n}\r\n");
        assertThat(set("{ // c\r\n}", "2", "b")).isEqualTo("{ // c\r\n  \"b\": 2\r\n}");
        assertThat(remove("{\r\n  \"a\": 1,\r\n  \"b\": 2,\r\n}", "a")).isEqualTo("{\r\n  \"b\": 2,\r\n}");
    }

    @Test
    void refusesWhatLeadsNowhereOrIsNoValue() {
        assertThatThrownBy(() -> set("{}", "1", "a", "b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set("[]", "1", "0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> append("{}", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> remove("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set("{}", "1, \"c\": 2", "a")).isInstanceOf(HuJsonSyntaxException.class);
        assertThat(set("{}", "1 // swallows", "a\"\n")).isEqualTo("{\"a\\\"\\u000a\": 1}");
    }

    @Provide
    Arbitrary<String> objects() {
        return HuJsonArbitraries.objects();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "c", "d e", "\n", "new");
    }

    @Provide
    Arbitrary<String> values() {
        return HuJsonArbitraries.values(1);
    }

    @Property
    void settingChangesThatMemberAndNoOther(
            @ForAll("objects") String text, @ForAll("names") String name, @ForAll("values") String value) {
        ObjectNode expected = (ObjectNode) tree(text);
        expected.set(name, tree(value));
        String after = set(text, value, name);

        assertThat(tree(after)).isEqualTo(expected);
        var member = ((HuValue.HuObject) HuJsonDocument.parse(text).root()).member(name);
        if (member.isPresent()) {
            HuValue old = member.get().value();
            assertThat(after).isEqualTo(text.substring(0, old.start()) + value + text.substring(old.end()));
        } else {
            assertThat(remove(after, name))
                    .as("what was added can be taken away without a trace")
                    .isEqualTo(text);
        }
    }

    @Property
    void removingRemovesThatMemberAndNoComment(@ForAll("objects") String text, @ForAll("names") String name) {
        ObjectNode expected = (ObjectNode) tree(text);
        expected.remove(name);
        String after = remove(text, name);

        assertThat(tree(after)).isEqualTo(expected);
        assertThat(comments(after)).isEqualTo(comments(text, name));
    }

    @Property
    void appendingAddsOne(@ForAll("objects") String text, @ForAll("values") String value) {
        String list = "{\"list\": [" + text + "]}";
        String after = append(list, value, "list");

        ArrayNode elements = (ArrayNode) tree(after).get("list");
        assertThat(elements).hasSize(2);
        assertThat(elements.get(1)).isEqualTo(tree(value));
        assertThat(elements.get(0)).isEqualTo(tree(text));
        assertThat(remove(after, "list", "1"))
                .satisfies(back -> assertThat(tree(back)).isEqualTo(tree(list)));
    }

    private static List<String> comments(String text) {
        return comments(text, null);
    }

    /** The comments of a text, but for those within one member. */
    private static List<String> comments(String text, String without) {
        HuJsonDocument document = HuJsonDocument.parse(text);
        int from = -1;
        int to = -1;
        if (without != null && document.root() instanceof HuValue.HuObject object) {
            var member = object.member(without);
            if (member.isPresent()) {
                from = member.get().name().start();
                to = member.get().value().end();
            }
        }
        List<String> comments = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end;
            if (text.charAt(at) == '"') {
                end = at + 1;
                while (text.charAt(end) != '"') {
                    end += text.charAt(end) == '\\' ? 2 : 1;
                }
                end++;
            } else if (text.startsWith("//", at)) {
                end = text.indexOf('\n', at);
            } else if (text.startsWith("/*", at)) {
                end = text.indexOf("*/", at + 2) + 2;
            } else {
                at++;
                continue;
            }
            boolean inside = from <= at && end <= to;
            if (text.charAt(at) == '/' && !inside) {
                comments.add(text.substring(at, end));
            }
            at = end;
        }
        return comments;
    }

    private static JsonNode tree(String text) {
        HuJsonDocument document = HuJsonDocument.parse(text);
        return HuJacksonTree.of(document, document.root());
    }

    private static String set(String text, String value, String... path) {
        return new HuJsonEditor(HuJsonDocument.parse(text))
                .set(List.of(path), value)
                .text();
    }

    private static String append(String text, String value, String... path) {
        return new HuJsonEditor(HuJsonDocument.parse(text))
                .append(List.of(path), value)
                .text();
    }

    private static String remove(String text, String... path) {
        return new HuJsonEditor(HuJsonDocument.parse(text))
                .remove(List.of(path))
                .text();
    }
}
