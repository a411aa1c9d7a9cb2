package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.xonetwork.tailnet.policy.Fragments.Read;
import com.xonetwork.tailnet.policy.document.PolicyFragment;
import com.xonetwork.tailnet.policy.document.PolicyText;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.testing.TestPolicy;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FragmentsTest {

    @Test
    void textAndYamlSayTheSame() {
        var text = "{\"hosts\": {\"db\": \"10.0.0.1\"}, /* none */ \"ACLs\": [],}";
        var expected = new Read.Usable(
                new PolicyFragment("base", 3, PolicyText.parse("{\"hosts\": {\"db\": \"10.0.0.1\"}, \"acls\": []}")));

        assertThat(read(policy("base").priority(3).says(text))).isEqualTo(expected);
        assertThat(read(policy("base")
                        .priority(3)
                        .fragment(PolicyText.parse("{\"hosts\": {\"db\": \"10.0.0.1\"}, \"acls\": []}"))))
                .isEqualTo(expected);
    }

    @Test
    void textThatIsNoPolicySaysWhere() {
        assertThat(problems(policy("base").says("{\n  \"acls\": [}\n")))
                .startsWith("spec.hujson: ")
                .contains("line 2");
    }

    static Stream<JsonNode> noObjects() {
        return Stream.of(
                JsonNodeFactory.instance.arrayNode(),
                JsonNodeFactory.instance.textNode("acls"),
                JsonNodeFactory.instance.nullNode(),
                JsonNodeFactory.instance.missingNode(),
                null);
    }

    @ParameterizedTest
    @MethodSource("noObjects")
    void yamlThatIsNoObject(JsonNode value) {
        assertThat(problems(policy("base").fragment(value))).contains("spec.fragment must be an object");
    }

    @Test
    void yamlWithTwoSpellingsOfOneSection() {
        var twice = JsonNodeFactory.instance.objectNode();
        twice.putArray("acls");
        twice.putArray("ACLs");

        assertThat(problems(policy("base").fragment(twice))).contains("\"acls\" is given twice");
    }

    @Test
    void everyProblemIsTold() {
        var read = read(policy("base").says("{\"acls\": 1, \"hosts\": {\"db\": 2}}"));

        assertThat(read).isInstanceOfSatisfying(Read.Unusable.class, unusable -> {
            assertThat(unusable.problems()).hasSize(2);
            assertThat(unusable.message()).contains("acls", "; ", "hosts");
        });
    }

    @Property(tries = 200)
    void anyTextGivesAnAnswer(@ForAll String text) {
        assertThat(read(policy("base").says(text))).isNotNull();
    }

    private static Read read(TestPolicy policy) {
        return Fragments.read(policy.build(), PolicySyntax.TAILSCALE);
    }

    private static String problems(TestPolicy policy) {
        assertThat(read(policy)).isInstanceOf(Read.Unusable.class);
        return ((Read.Unusable) read(policy)).message();
    }
}
