package com.xonetwork.tailnet.policy.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTextTest {

    @Test
    void readsCommentsAndTrailingCommas() {
        ObjectNode policy = PolicyText.parse("""
                // ours
                {
                  /* who */ "groups": {"group:a": ["x@y", "z@y",],}, // people
                  "acls": [],
                }
                // end
                """);

        assertThat(policy.toString()).isEqualTo("{\"groups\":{\"group:a\":[\"x@y\",\"z@y\"]},\"acls\":[]}");
    }

    @Test
    void readsSectionNamesRegardlessOfCase() {
        ObjectNode policy = PolicyText.parse("""
                {"ACLs": [], "TagOwners": {}, "AutoApprovers": {"ExitNode": [], "Routes": {}}, "onecgnatroute": "",
                 "Groups": {"Group:A": []}, "Novelty": {}}
                """);

        assertThat(policy.fieldNames())
                .toIterable()
                .containsExactly("acls", "tagOwners", "autoApprovers", "OneCGNATRoute", "groups", "Novelty");
        assertThat(policy.get("autoApprovers").fieldNames()).toIterable().containsExactly("exitNode", "routes");
        assertThat(policy.get("groups").has("Group:A"))
                .as("names of users' own")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``| 1 | 1 | the policy is empty",
                "// only a comment | 1 | 1 | the policy is empty",
                "[] | 1 | 1 | a policy must be an object",
                "\"x\" | 1 | 1 | a policy must be an object",
                "{} {} | 1 | 4 | invalid character '{' after top-level value",
                "{} x | 1 | 4 | invalid character 'x' after top-level value",
                "{\"a\": 1, \"a\": 2} | 1 | 10 | \"a\" is given twice",
                "{\"x\": {\"b\": 1, \"b\": 1}} | 1 | 16 | \"b\" is given twice",
                "{\"acls\": [], \"ACLs\": []} | 1 | 14 | \"ACLs\" and \"acls\" are one name",
                "{\"ACLs\": [], \"acls\": []} | 1 | 14 | \"acls\"",
                "{\"autoApprovers\": {\"routes\": {}, \"Routes\": {}}} | 1 | 34 | are one name",
                "{\"acls\": [ | 1 | 11 | parsing value: unexpected EOF",
                "{\"acls\": [1 2]} | 1 | 13 | invalid character '2' after array value (expecting ',' or ']')",
                "{\"acls\": [,]} | 1 | 11 | invalid character ',' at start of value",
                "{\"acls\": [1,,]} | 1 | 13 | invalid character ',' at start of value",
                "{'acls': []} | 1 | 2 | invalid character '\\'' at start of value",
                "{acls: []} | 1 | 2 | invalid literal: acls",
                "{\"a\": 01} | 1 | 7 | invalid literal: 01",
                "{\"a\": NaN} | 1 | 7 | invalid literal: NaN",
                "{\"a\": 1e999} | 1 | 7 | out of range",
                "{\"a\": 1e99999999999} | 1 | 7 | out of range",
                "/* never ends | 1 | 1 | parsing comment: unexpected EOF",
                "# no | 1 | 1 | invalid character '#' at start of value",
            })
    void saysWhere(String text, int line, int column, String message) {
        PolicySyntaxException problem = catchThrowableOfType(PolicySyntaxException.class, () -> PolicyText.parse(text));

        assertThat(problem).hasMessageStartingWith("line " + line + ", column " + column + ": ");
        assertThat(problem).hasMessageContaining(message).hasMessageNotContaining("Source");
        assertThat(problem.line()).isEqualTo(line);
        assertThat(problem.column()).isEqualTo(column);
    }

    @Test
    void countsLines() {
        assertThatThrownBy(() -> PolicyText.parse("{\n  \"acls\": [\n    oops\n  ]\n}"))
                .isInstanceOf(PolicySyntaxException.class)
                .hasMessageStartingWith("line 3, column ");
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 1_000, 100_000})
    void refusesDeepNesting(int depth) {
        assertThatThrownBy(() -> PolicyText.parse("{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}"))
                .isInstanceOf(PolicySyntaxException.class)
                .hasMessageContaining("nested deeper than 100 levels");
    }

    @Test
    void acceptsAHundredLevels() {
        assertThat(PolicyText.parse("{\"a\":" + "[".repeat(99) + "]".repeat(99) + "}"))
                .hasSize(1);
    }

    @Test
    void refusesHugeTexts() {
        String blanks = " ".repeat(5 * 1024 * 1024 - 2);
        assertThat(PolicyText.parse(blanks + "{}")).isEmpty();
        assertThatThrownBy(() -> PolicyText.parse(blanks + " {}"))
                .isInstanceOf(PolicySyntaxException.class)
                .hasMessageContaining("5 MiB");
        assertThatThrownBy(() -> PolicyText.parse("// " + "é".repeat(3 * 1024 * 1024) + "\n{}"))
                .as("bytes, not characters")
                .hasMessageContaining("5 MiB");
    }

    @Test
    void keepsNumbersExact() {
        assertThat(PolicyText.parse("{\"a\": 1.50, \"b\": 12345678901234567890, \"c\": 1}")
                        .toString())
                .isEqualTo("{\"a\":1.50,\"b\":12345678901234567890,\"c\":1}");
    }

    @Property
    void neverFailsOtherwise(@ForAll String text) {
        assertOnlySyntax(text);
        assertOnlySyntax("{\"a\":" + text + "}");
    }

    @Property
    void neverFailsOtherwiseOnBytes(@ForAll byte[] bytes) {
        assertOnlySyntax(new String(bytes, StandardCharsets.UTF_8));
        assertOnlySyntax("{" + new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Property
    void neverFailsOtherwiseOnAlmostJson(@ForAll("almostJson") String text) {
        assertOnlySyntax(text);
        assertOnlySyntax("{\"acls\":[" + text);
    }

    @Provide
    Arbitrary<String> almostJson() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"",
                        "\"acls\"",
                        "\"ACLs\"",
                        "\"a\"",
                        "\"a\":",
                        "1",
                        "-",
                        "0",
                        "e9",
                        ".5",
                        "1e400",
                        "9".repeat(400),
                        "true",
                        "null",
                        "//",
                        "/*",
                        "*/",
                        "\n",
                        "\\",
                        "\\u",
                        "d800",
                        "\u0000",
                        "\uFEFF",
                        "\uD800",
                        " ")
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    private static void assertOnlySyntax(String text) {
        ObjectNode policy;
        try {
            policy = PolicyText.parse(text);
        } catch (PolicySyntaxException e) {
            return;
        }
        // What can be read can be worked with.
        for (var syntax : PolicySyntax.values()) {
            FragmentChecker.check(new PolicyFragment("fuzz", 0, policy), syntax);
        }
        PolicyView again = PolicyView.of(PolicyRenderer.render(policy, List.of()));
        assertThat(again.sameAs(new PolicyView(policy))).isTrue();
        assertThat(again.policy()).isEqualTo(policy);
    }
}
