package com.xonetwork.tailnet.nodeclass;

import static com.xonetwork.tailnet.testing.TestClass.nodeClass;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.xonetwork.tailnet.api.v1alpha1.LabelSelector;
import com.xonetwork.tailnet.api.v1alpha1.LabelSelector.Operator;
import com.xonetwork.tailnet.api.v1alpha1.LabelSelector.Requirement;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.testing.TestClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeClassMatcherTest {

    private static final Device WEB = device("1", "web-1")
            .hostname("Ubuntu.local")
            .os("linux")
            .addresses("100.64.3.7", "fd7a:115c:a1e0::7")
            .tags("tag:web", "tag:prod")
            .build();

    @ParameterizedTest
    @CsvSource({
        "web-1, true",
        "WEB-1, true",
        "web-?, true",
        "web-??, false",
        "web-1?, false",
        "web-*, true",
        "web-1*, true",
        "*, true",
        "**, true",
        "***1, true",
        "*-*, true",
        "w*b*1, true",
        "w*b*2, false",
        "*b-1, true",
        "*web, false",
        "eb-1, false",
        "web-, false",
        // what the machine calls itself counts as well
        "ubuntu.local, true",
        "ubuntu*, true",
        // characters that mean something in regular expressions stand for themselves
        "web.1, false",
        "ubuntuxlocal, false",
        "web-[0-9], false",
        "web-\\d, false",
        "(web-1), false",
        "web-1|x, false",
        "^web-1$, false",
        "web-1+, false",
        "\\Qweb-1\\E, false",
    })
    void globs(String glob, boolean expected) {
        assertThat(matches(nodeClass("c").hostnames(glob))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a.b, a.b, true",
        "a.b, axb, false",
        "a+b, a+b, true",
        "[ab], [ab], true",
        "[ab], a, false",
        "$^, $^, true"
    })
    void metacharactersInNamesAreTextToo(String glob, String name, boolean expected) {
        var odd = device("1", name).build();
        assertThat(NodeClassMatcher.match(nodeClass("c").hostnames(glob).build(), "home", odd, Map.of())
                        .isPresent())
                .isEqualTo(expected);
    }

    @Property
    void globsMeanWhatTheRegularExpressionWould(
            @ForAll("fewLetters") String glob, @ForAll("fewLetters") String hostname) {
        var name = hostname.replace('*', 'a').replace('?', 'b');
        var regex = glob.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        var named = device("1", name).build();

        assertThat(NodeClassMatcher.match(nodeClass("c").hostnames(glob).build(), "home", named, Map.of())
                        .isPresent())
                .isEqualTo(name.matches(regex));
    }

    @Provide
    Arbitrary<String> fewLetters() {
        return Arbitraries.strings().withChars("ab*?").ofMinLength(1).ofMaxLength(8);
    }

    @Test
    void aHostileGlobOnAHostileNameIsFast() {
        var name = "a".repeat(10_000);
        var hostile = device("1", "x").hostname(name).build();
        var glob = "*a".repeat(126) + "b";

        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(NodeClassMatcher.match(
                                nodeClass("c").hostnames(glob).build(), "home", hostile, Map.of()))
                        .isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"linux, true", "LINUX, true", "windows, false", "lin, false"})
    void operatingSystems(String os, boolean expected) {
        assertThat(matches(nodeClass("c").os(os))).isEqualTo(expected);
    }

    @Test
    void anUnknownOperatingSystemMatchesNone() {
        var silent = device("1", "web-1").os("").build();
        assertThat(NodeClassMatcher.match(nodeClass("c").os("linux").build(), "home", silent, Map.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "100.64.0.0/10, true",
        "100.64.3.7/32, true",
        "100.64.3.7, true",
        "100.64.3.8/32, false",
        // the network address counts, whatever stands after it
        "100.64.3.99/24, true",
        "10.0.0.0/8, false",
        "0.0.0.0/0, true",
        "fd7a:115c:a1e0::/48, true",
        "fd7a:115c:a1e1::/48, false",
        "::/0, true",
        "nonsense, false",
    })
    void addresses(String cidr, boolean expected) {
        assertThat(matches(nodeClass("c").addresses(cidr))).isEqualTo(expected);
    }

    @Test
    void aDeviceWithoutAddressesIsInNoNetwork() {
        var bare = device("1", "web-1").addresses().build();
        assertThat(NodeClassMatcher.match(
                        nodeClass("c").addresses("0.0.0.0/0", "::/0").build(), "home", bare, Map.of()))
                .isEmpty();
    }

    @Test
    void tagsByWhichItMatchedAreNamed() {
        var match = NodeClassMatcher.match(
                nodeClass("c").matchTags("tag:web", "tag:db").build(), "home", WEB, Map.of());

        assertThat(match).isPresent();
        assertThat(match.get().matchedTags()).containsExactly("tag:web");
        assertThat(matches(nodeClass("c").matchTags("tag:db"))).isFalse();
        assertThat(matches(nodeClass("c").matchTags("tag:WEB"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "env, IN, prod, true",
        "env, IN, dev, false",
        "zone, IN, prod, false",
        "env, NOT_IN, prod, false",
        "env, NOT_IN, dev, true",
        "zone, NOT_IN, prod, true",
        "env, EXISTS, , true",
        "zone, EXISTS, , false",
        "env, DOES_NOT_EXIST, , false",
        "zone, DOES_NOT_EXIST, , true",
    })
    void labelExpressions(String key, Operator operator, String value, boolean expected) {
        var selector = new LabelSelector(
                Map.of(), List.of(new Requirement(key, operator, value == null ? List.of() : List.of(value))));

        assertThat(matches(nodeClass("c").labels(selector), Map.of("env", "prod")))
                .isEqualTo(expected);
    }

    @Test
    void allOfALabelSelectorMustHold() {
        var both = new LabelSelector(
                Map.of("env", "prod", "team", "net"), List.of(new Requirement("old", Operator.DOES_NOT_EXIST, null)));

        assertThat(matches(nodeClass("c").labels(both), Map.of("env", "prod", "team", "net")))
                .isTrue();
        assertThat(matches(nodeClass("c").labels(both), Map.of("env", "prod"))).isFalse();
        assertThat(matches(nodeClass("c").labels(both), Map.of("env", "prod", "team", "net", "old", "")))
                .isFalse();
        assertThat(matches(nodeClass("c").labels(new LabelSelector(null, null)), Map.of()))
                .as("Kubernetes: an empty selector selects everything")
                .isTrue();
    }

    @Test
    void anotherTailnetIsNone() {
        assertThat(matches(nodeClass("c").hostnames("*").tailnet("home"))).isTrue();
        assertThat(matches(nodeClass("c").hostnames("*").tailnet("office"))).isFalse();
    }

    @Test
    void everyFieldMustMatchButOneOfAListIsEnough() {
        assertThat(matches(nodeClass("c")
                        .hostnames("db-*", "web-*")
                        .os("windows", "linux")
                        .addresses("10.0.0.0/8", "100.64.0.0/10")
                        .matchTags("tag:db", "tag:web")))
                .isTrue();
        assertThat(matches(nodeClass("c").hostnames("web-*").os("windows"))).isFalse();
        assertThat(matches(nodeClass("c").hostnames("db-*").os("linux"))).isFalse();
        assertThat(matches(nodeClass("c").os("linux").addresses("10.0.0.0/8"))).isFalse();
        assertThat(matches(nodeClass("c").os("linux").matchTags("tag:db"))).isFalse();
        assertThat(matches(nodeClass("c").os("linux").labels(new LabelSelector(Map.of("a", "b"), null))))
                .isFalse();
    }

    @Test
    void higherPriorityComesFirstThenTheName() {
        var classes = List.of(
                nodeClass("c").priority(1).build(),
                nodeClass("d").priority(10).build(),
                nodeClass("b").priority(1).build(),
                nodeClass("a").priority(-1).build(),
                nodeClass("z").priority(99).os("windows").build());

        assertThat(NodeClassMatcher.matches(classes, "home", WEB, Map.of()))
                .extracting(NodeClassMatcher.Match::name)
                .containsExactly("d", "b", "c", "a");
    }

    @Test
    void aMatchDoesNotTouchTheDevice() {
        NodeClassMatcher.match(nodeClass("c").matchTags("tag:db").build(), "home", WEB, Map.of());
        assertThat(WEB.tags()).isEqualTo(new TreeSet<>(List.of("tag:web", "tag:prod")));
    }

    private static boolean matches(TestClass rules) {
        return matches(rules, Map.of());
    }

    private static boolean matches(TestClass rules, Map<String, String> labels) {
        NodeClass built = rules.build();
        return NodeClassMatcher.match(built, "home", WEB, labels).isPresent();
    }
}
