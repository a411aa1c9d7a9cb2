package com.xonetwork.tailnet.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PolicyRendererTest {

    @Test
    void writesForPeople() {
        ObjectNode policy = PolicyText.parse("""
                {"groups":{"group:a":["x@y","z@y"],"group:none":[]},"hosts":{},"acls":[{"action":"accept","src":["*"],
                "dst":["*:*"]}],"long":["%1$s","%1$s"],"nested":[[],[1,true,null],{}],"text":"a\\"b\\n"}
                """.formatted("0123456789".repeat(5)));

        assertThat(PolicyRenderer.render(policy, List.of("Ours.", ""))).isEqualTo("""
                // Ours.
                //
                {
                  "groups": {
                    "group:a": ["x@y", "z@y"],
                    "group:none": []
                  },
                  "hosts": {},
                  "acls": [
                    {
                      "action": "accept",
                      "src": ["*"],
                      "dst": ["*:*"]
                    }
                  ],
                  "long": [
                    "01234567890123456789012345678901234567890123456789",
                    "01234567890123456789012345678901234567890123456789"
                  ],
                  "nested": [
                    [],
                    [1, true, null],
                    {}
                  ],
                  "text": "a\\"b\\n"
                }
                """);
    }

    @Test
    void writesTheEmptyPolicy() {
        assertThat(PolicyRenderer.render(PolicyText.parse("{}"), List.of())).isEqualTo("{}\n");
    }

    @Test
    void commentsCannotBecomePolicy() {
        String text = PolicyRenderer.render(
                PolicyText.parse("{}"), List.of("a\n{\"acls\": []}", "b\r\n\"x\"", "c\u2028d", "*/ /* //", "\u0000"));

        assertThat(text).isEqualTo("// a {\"acls\": []}\n// b \"x\"\n// c d\n// */ /* //\n//\n{}\n");
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void canBeReadBack(@ForAll("policies") ObjectNode policy, @ForAll @Size(max = 4) List<String> comments) {
        String text = PolicyRenderer.render(policy, comments);

        assertThat(PolicyText.parse(text)).isEqualTo(policy);
        assertThat(PolicyRenderer.render(PolicyText.parse(text), comments)).isEqualTo(text);
        assertThat(text).endsWith("}\n").doesNotEndWith("\n\n");
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void anyTreeCanBeReadBack(@ForAll("trees") ObjectNode policy) {
        assertThat(PolicyText.parse(PolicyRenderer.render(policy, List.of()))).isEqualTo(policy);
    }

    @Provide
    Arbitrary<ObjectNode> policies() {
        return PolicyArbitraries.policy();
    }

    @Provide
    Arbitrary<ObjectNode> trees() {
        return PolicyArbitraries.object(3);
    }
}
