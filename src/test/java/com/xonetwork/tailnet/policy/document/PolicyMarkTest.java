package com.xonetwork.tailnet.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyMarkTest {

    private static final String MARK =
            "Managed by XO Tailnet Operator from Tailnet net/home; edits made here are put back.";

    @Test
    void recognisesWhatItWrites() {
        String text = PolicyRenderer.render(PolicyText.parse("{}"), List.of("Hello.", PolicyMark.line("net", "home")));

        assertThat(text).contains("// " + MARK + "\n");
        assertThat(PolicyMark.ownerIn(text)).hasValue("net/home");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "// " + MARK,
                "//" + MARK + "\r\n{}",
                "\n\t // other\n/* block\n */ // " + MARK + " \n{}",
                "// Managed by XO Tailnet Operator from Tailnet net/home\n{}",
                "// Managed by XO Tailnet Operator from Tailnet net/home; and other words\n{ no policy",
            })
    void finds(String text) {
        assertThat(PolicyMark.ownerIn(text)).hasValue("net/home");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "/",
                "/*",
                "/* never // " + MARK,
                "{} // " + MARK,
                "{\n// " + MARK + "\n}",
                "{\"a\": \"// " + MARK + "\"}",
                "// Formerly: " + MARK + "\n{}",
                "// Managed by XO Tailnet Operator from Tailnet net\n{}",
                "// Managed by XO Tailnet Operator from Tailnet a b/c; x\n{}",
                "// Managed by XO Tailnet Operator from Tailnet a/b/c; x\n{}",
            })
    void doesNotFind(String text) {
        assertThat(PolicyMark.ownerIn(text)).isEmpty();
    }

    @Property
    void survivesAnything(@ForAll String text) {
        assertThat(PolicyMark.ownerIn("// x\n" + text + "/*")).isEmpty();
    }
}
