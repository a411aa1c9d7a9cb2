package com.xonetwork.tailnet.policy.hujson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuElement;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuJsonDocumentTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"\\ud800\"}",
                "[\"\\ud800\\u0041\"]",
                "// no newline at the end",
                "[1,]",
                "{\"a\":1,}",
                "[-0, 0.5, 1e9, 1E-3]",
                " /**/ [ /* a */ 1 /* b */ , /* c */ ] // d"
            })
    void acceptsOrSaysWhere(String text) {
        String document = text.startsWith("//") ? "{}" + text : text;
        assertThat(HuJsonDocument.parse(document).text()).isEqualTo(document);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1, | 1 | 2 | invalid character ',' after top-level value",
                "{\"a\" 1} | 1 | 6 | invalid character '1' after object name",
                "{\"a\":1 2} | 1 | 8 | invalid character '2' after object value (expecting ',' or '}')",
                "{\"a\":1,,} | 1 | 8 | invalid character ',' at start of value",
                "{1:2} | 1 | 2 | invalid character '1' at start of object name",
                "{{} | 1 | 2 | invalid character '{' at start of object name",
                "[1 | 1 | 3 | parsing array after value: unexpected EOF",
                "{\"é\": x} | 1 | 8 | invalid literal: x",
                "\"a | 1 | 3 | parsing string: unexpected EOF",
                "\"\\x\" | 1 | 2 | invalid escape in string literal",
                "\"\\u12g4\" | 1 | 2 | invalid escape in string literal",
                "[tru] | 1 | 2 | invalid literal: tru",
                "[1.] | 1 | 2 | invalid literal: 1.",
                "[+1] | 1 | 2 | invalid literal: +1",
                "[\u00a0] | 1 | 2 | invalid character '\\u00a0' at start of value",
                "\uFEFF{} | 1 | 1 | invalid character '\\ufeff' at start of value",
                "[1 / 2] | 1 | 4 | invalid character '/' after array value (expecting ',' or ']')",
                "{\"a\":1,\"\\u0061\":2} | 1 | 8 | \"a\" is given twice; keep one"
            })
    void saysWhatIsWrongInTheWordsOfTheService(String text, int line, int column, String problem) {
        var refusal = catchThrowableOfType(HuJsonSyntaxException.class, () -> HuJsonDocument.parse(text));

        assertThat(refusal.problem()).isEqualTo(problem);
        assertThat(refusal).hasMessage("line " + line + ", column " + column + ": " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{", "[{\"a\":", "{{", "[[],["})
    void neverOverflows(String opening) {
        assertThatThrownBy(() -> HuJsonDocument.parse(opening.repeat(500_000)))
                .isInstanceOf(HuJsonSyntaxException.class);
    }

    @Test
    void refusesWhatIsNotUnicode() {
        byte[] bytes = "{\n\"é\": \"x\"}".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 3] = (byte) 0xC3;

        assertThatThrownBy(() -> HuJsonDocument.parse(bytes)).hasMessage("line 2, column 8: invalid UTF-8");
        assertThatThrownBy(() -> HuJsonDocument.parse(Arrays.copyOf(bytes, 4)))
                .hasMessage("line 2, column 2: invalid UTF-8");
        assertThatThrownBy(() -> HuJsonDocument.parse("// \uD800\n{}")).hasMessage("line 1, column 4: invalid UTF-8");
    }

    /** Each is some objects in memory, however few bytes it is written in. */
    @Test
    void valuesHaveABound() {
        var most = "[" + "1,".repeat(HuJsonDocument.MAX_VALUES - 2) + "1]";
        assertThat(HuJsonDocument.parse(most).text()).isEqualTo(most);
        for (var value : new String[] {"1,", "{},", "[],", "\"\",", "{\"a\":1},"}) {
            assertThatThrownBy(() -> HuJsonDocument.parse("[" + value.repeat(HuJsonDocument.MAX_VALUES) + "]"))
                    .isInstanceOf(HuJsonSyntaxException.class)
                    .hasMessageContaining("more than " + HuJsonDocument.MAX_VALUES + " values");
        }
    }

    @Test
    void readsFiveMebibytes() {
        String rule = "{\"src\": [\"*\"], \"dst\": [\"*\"]}, // " + "x".repeat(150) + "\n";
        String text = "[" + rule.repeat(HuJsonDocument.MAX_BYTES / rule.length() - 1) + "]";
        HuJsonDocument document = HuJsonDocument.parse(text);

        int last = document.text().lastIndexOf("dst");
        assertThat(document.pathTo(last)).endsWith("].dst");
        assertThat(document.place(last).line())
                .isEqualTo(((HuArray) document.root()).elements().size());
        assertThatThrownBy(() -> HuJsonDocument.parse(" ".repeat(HuJsonDocument.MAX_BYTES) + "{}"))
                .hasMessageContaining("5 MiB");
        assertThatThrownBy(() -> HuJsonDocument.parse(new byte[HuJsonDocument.MAX_BYTES + 1]))
                .hasMessageContaining("5 MiB");
    }

    @Test
    void halvesOfSurrogatePairsBecomeReplacementCharacters() {
        assertThat(((HuString) HuJsonDocument.parse("\"\\ud800\\u0041\\ud83d\\ude00\\udc00\"")
                                .root())
                        .value())
                .isEqualTo("\uFFFDA\uD83D\uDE00\uFFFD");
    }

    @Test
    void quotesAsGoDoes() {
        assertThat(GoText.quote("a\"\\\n\u0001\u00a0\u200b\uD83D\uDE00é"))
                .isEqualTo("\"a\\\"\\\\\\n\\x01\\u00a0\\u200b\uD83D\uDE00é\"");
    }

    @Provide
    Arbitrary<String> documents() {
        return HuJsonArbitraries.documents();
    }

    @Property
    void whatIsReadIsWrittenAsItWas(@ForAll("documents") String text) {
        HuJsonDocument document = HuJsonDocument.parse(text);

        assertThat(document.text()).isEqualTo(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(HuJsonDocument.parse(bytes).text()).isEqualTo(text);
    }

    /** The tree alone gives the text back but for comments and blanks: no token is lost, none is in the wrong place. */
    @Property
    void nothingButCommentsAndBlanksIsBetweenTokens(@ForAll("documents") String text) {
        HuJsonDocument document = HuJsonDocument.parse(text);
        StringBuilder blanked = new StringBuilder(text);
        blank(blanked, document.root());

        assertThat(HuJsonDocument.isBlank(blanked.toString())).isTrue();
    }

    private static void blank(StringBuilder text, HuValue value) {
        switch (value) {
            case HuObject object -> {
                expect(text, object.start(), '{');
                expect(text, object.end() - 1, '}');
                for (HuMember member : object.members()) {
                    blank(text, member.name());
                    expect(text, member.colon(), ':');
                    blank(text, member.value());
                    if (member.comma() >= 0) {
                        expect(text, member.comma(), ',');
                    }
                }
            }
            case HuArray array -> {
                expect(text, array.start(), '[');
                expect(text, array.end() - 1, ']');
                for (HuElement element : array.elements()) {
                    blank(text, element.value());
                    if (element.comma() >= 0) {
                        expect(text, element.comma(), ',');
                    }
                }
            }
            default -> {
                for (int i = value.start(); i < value.end(); i++) {
                    text.setCharAt(i, ' ');
                }
            }
        }
    }

    private static void expect(StringBuilder text, int at, char c) {
        assertThat(text.charAt(at)).isEqualTo(c);
        text.setCharAt(at, ' ');
    }
}
