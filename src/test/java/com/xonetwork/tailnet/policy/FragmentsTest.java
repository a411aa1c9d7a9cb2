package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.xonetwork.tailnet.policy.Fragments.Read;
import com.xonetwork.tailnet.policy.document.PolicyText;
import com.xonetwork.tailnet.testing.TestAclPolicy;
import org.junit.jupiter.api.Test;

class FragmentsTest {

    @Test
    void textMayHaveCommentsAndTrailingCommas() {
        var read = read(acl("a", "// mine\n{'acls': [], /* x */ 'hosts': {'db': '10.0.0.1',},}")
                .priority(7));

        assertThat(read).isInstanceOfSatisfying(Read.Usable.class, usable -> {
            assertThat(usable.fragment().name()).isEqualTo("a");
            assertThat(usable.fragment().priority()).isEqualTo(7);
            assertThat(usable.fragment().content()).hasToString("{\"acls\":[],\"hosts\":{\"db\":\"10.0.0.1\"}}");
        });
    }

    @Test
    void yamlSaysTheSame() {
        var text = "{'ACLS': [], 'hosts': {'db': '10.0.0.1'}}";
        var yaml = PolicyText.parse(text.replace('\'', '"'));

        assertThat(((Read.Usable) read(acl("a", yaml))).fragment().content())
                .isEqualTo(((Read.Usable) read(acl("a", text))).fragment().content());
    }

    @Test
    void aTextThatCannotBeReadSaysWhere() {
        assertThat(message(acl("a", "{\n 'acls': [\n}")))
                .startsWith("spec.hujson: ")
                .contains("3");
    }

    @Test
    void aFragmentMustBeAnObject() {
        assertThat(message(acl("a", JsonNodeFactory.instance.arrayNode()))).contains("spec.fragment must be an object");
        assertThat(message(acl("a", JsonNodeFactory.instance.textNode("acls"))))
                .contains("spec.fragment must be an object");
        assertThat(message(acl("a", JsonNodeFactory.instance.nullNode()))).contains("spec.fragment must be an object");
    }

    @Test
    void neitherIsNotUsableEither() {
        assertThat(message(acl("a", (com.fasterxml.jackson.databind.JsonNode) null)))
                .contains("spec.fragment");
    }

    @Test
    void twoSpellingsOfOneSectionCannotBeUsed() {
        var yaml = JsonNodeFactory.instance.objectNode();
        yaml.putArray("acls");
        yaml.putArray("ACLs");

        assertThat(message(acl("a", yaml))).containsIgnoringCase("acls");
    }

    @Test
    void everyProblemIsNamed() {
        assertThat(message(acl("a", "{'acls': 'none', 'groups': {'admins': []}}")))
                .contains("acls", "groups", "; ");
    }

    private static Read read(TestAclPolicy policy) {
        return Fragments.read(policy.build());
    }

    private static String message(TestAclPolicy policy) {
        return ((Read.Unusable) read(policy)).message();
    }
}
