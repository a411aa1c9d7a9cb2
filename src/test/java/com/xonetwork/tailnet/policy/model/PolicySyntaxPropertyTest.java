package com.xonetwork.tailnet.policy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PolicySyntaxPropertyTest {

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(40),
                Arbitraries.strings()
                        .withChars("tagroup:@*[]/%-+,. 0123fd\u00a0\u202e\"\\")
                        .ofMaxLength(40));
    }

    @Property(tries = 2000)
    void anyTextIsRead(@ForAll("texts") String text) {
        for (var syntax : PolicySyntax.values()) {
            assertThatCode(() -> {
                        syntax.tagProblem(text);
                        syntax.carriedTagProblem("tag:a" + text);
                        syntax.selector(text);
                        syntax.name(text);
                        syntax.via(text);
                        syntax.owned(text);
                        syntax.destination(text);
                        syntax.destination("[fd7a::]" + text);
                        syntax.ports(text);
                        syntax.protocol(text);
                    })
                    .doesNotThrowAnyException();
        }
    }

    /** What is wrong by the loosest rules may be told before it is known which hold. */
    @Property(tries = 2000)
    void headscaleTakesEachTagOfTailscale(@ForAll("texts") String text) {
        var tag = "tag:" + text;
        if (PolicySyntax.TAILSCALE.tagProblem(tag).isEmpty()) {
            assertThat(PolicySyntax.HEADSCALE.tagProblem(tag)).isEmpty();
        }
    }

    /** A policy may have 5 MiB. */
    @Test
    void aLongTextIsReadSoon() {
        for (var part :
                new String[] {" ", "\u00a0", "-", "1,", "1-", ":", "[", "]", "%", "@", "/", "tag:", "x \u00a0"}) {
            var text = part.repeat(500_000) + "x";
            for (var syntax : PolicySyntax.values()) {
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                    syntax.selector(text);
                    syntax.destination(text);
                    syntax.destination("*:" + text);
                    syntax.ports(text);
                    syntax.protocol(text);
                    syntax.carriedTagProblem("tag:" + text);
                });
            }
        }
    }
}
