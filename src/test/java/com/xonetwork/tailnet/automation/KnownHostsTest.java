package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownHostsTest {

    private static final String ED25519 = "ssh-ed25519";

    /** The wire form of a key: its type, and 32 bytes that follow from the seed. */
    static String key(String type, int seed) {
        var name = type.getBytes(US_ASCII);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4 + name.length + 4 + 32)
                        .putInt(name.length)
                        .put(name)
                        .putInt(32)
                        .putInt(seed)
                        .array());
    }

    static String line(String host, int seed) {
        return host + " " + ED25519 + " " + key(ED25519, seed);
    }

    @Test
    void whatIsNewIsKept() {
        assertThat(KnownHosts.news(
                        List.of(line("192.0.2.1", 1)), Set.of("192.0.2.1", "192.0.2.2"), List.of(line("192.0.2.2", 2))))
                .containsExactly(line("192.0.2.2", 2));
    }

    /** Not of another type either: OpenSSH believes the first key of each type. */
    @Test
    void aHostThatHasAKeyGetsNoOther() {
        var other = "192.0.2.1 ecdsa-sha2-nistp256 " + key("ecdsa-sha2-nistp256", 3);
        assertThat(KnownHosts.news(
                        List.of(line("192.0.2.1", 1)), Set.of("192.0.2.1"), List.of(line("192.0.2.1", 2), other)))
                .isEmpty();
        assertThat(KnownHosts.news(List.of(line("[192.0.2.1]:22", 1)), Set.of("192.0.2.1"), List.of(other)))
                .as("the port 22 may stand there or not")
                .isEmpty();
    }

    @Test
    void aHostIsWrittenAsTheRunnerHasIt() {
        assertThat(KnownHosts.news(List.of(), Set.of("192.0.2.1"), List.of(line("[192.0.2.1]:22", 1))))
                .containsExactly(line("[192.0.2.1]:22", 1));
    }

    @Test
    void aHostOfAnotherOrderIsNotKept() {
        assertThat(KnownHosts.news(
                        List.of(),
                        Set.of("192.0.2.1", "[192.0.2.9]:2222"),
                        List.of(line("192.0.2.2", 1), line("192.0.2.9", 1), line("192.0.2.1,192.0.2.7", 1))))
                .as("only its own name of a line with several")
                .containsExactly(line("192.0.2.1", 1));
    }

    @Test
    void aHostHasAFewKeysAtMost() {
        var learnt = new ArrayList<String>();
        for (var type : List.of("ssh-a", "ssh-b", "ssh-c", "ssh-d", "ssh-e", "ssh-f")) {
            for (var seed = 0; seed < 10; seed++) {
                learnt.add("web-1 " + type + " " + key(type, seed));
            }
        }
        assertThat(KnownHosts.news(List.of(), Set.of("web-1"), learnt))
                .hasSize(KnownHosts.KEYS_OF_HOST)
                .first()
                .isEqualTo("web-1 ssh-a " + key("ssh-a", 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "web-1",
                "web-1 ssh-ed25519",
                "web-1 ssh-ed25519 !!!!",
                "web-1 ssh-ed25519 AAAA",
                "@cert-authority web-1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA",
                "@revoked web-1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA",
                "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA",
                "* ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA",
                "web-* ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA",
                "!web-2,web-1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA",
                "web-1 ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA",
                "web-1\u0000 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA",
                "web-1\nweb-2 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA"
            })
    void whatIsNoPlainLineIsNotKept(String line) {
        assertThat(KnownHosts.news(List.of(), Set.of("web-1", "web-2", "*"), List.of(line, "x".repeat(5_000))))
                .isEmpty();
    }

    @Test
    void aCommentIsNotKeptAndNamesHaveNoCase() {
        assertThat(KnownHosts.news(List.of(), Set.of("web-1"), List.of(line("Web-1", 1) + " a comment\u202e")))
                .containsExactly(line("web-1", 1));
        assertThat(KnownHostLine.host("Web-1", 22)).isEqualTo("web-1");
        assertThat(KnownHostLine.host("fd7a::1", 2222)).isEqualTo("[fd7a::1]:2222");
    }

    @Test
    void aRunnerGetsPlainKeysOfItsHostsAndNothingElse() {
        var lines = List.of(
                line("web-1", 1) + " a comment",
                line("web-2", 2),
                "",
                "# by hand",
                "#" + line("web-1", 7),
                "@cert-authority *.example " + ED25519 + " " + key(ED25519, 3),
                "@cert-authority " + line("web-1", 3),
                " @cert-authority " + line("web-1", 3),
                "web-* " + ED25519 + " " + key(ED25519, 4),
                line("web-1,*", 5),
                line("!web-2,web-1", 5),
                line("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=", 5),
                line("web-3,[web-1]:22", 6));
        assertThat(KnownHosts.ofHosts(lines, Set.of("web-1"))).containsExactly(line("web-1", 1), line("[web-1]:22", 6));
    }

    @Test
    void aKeyThatIsRevokedIsNotHandedOn() {
        assertThat(KnownHosts.ofHosts(
                        List.of(line("web-1", 1), line("web-1", 2), "@revoked " + line("*", 1)), Set.of("web-1")))
                .containsExactly(line("web-1", 2));
    }

    @Test
    void namesFitWhateverTheTemplatesNameIs() {
        assertThat(KnownHosts.name("web", 1)).isEqualTo("web-known-hosts");
        assertThat(KnownHosts.name("web", 2)).isEqualTo("web-known-hosts-2");
        assertThat(KnownHosts.name("n".repeat(241), 1)).isEqualTo("n".repeat(241) + "-known-hosts");
        var names = Stream.of("n".repeat(245), "n".repeat(253), "n".repeat(252) + "m")
                .map(template -> KnownHosts.name(template, 2))
                .toList();
        assertThat(names)
                .doesNotHaveDuplicates()
                .allSatisfy(
                        name -> assertThat(name).hasSizeLessThanOrEqualTo(253).endsWith("-known-hosts-2"));
    }
}
