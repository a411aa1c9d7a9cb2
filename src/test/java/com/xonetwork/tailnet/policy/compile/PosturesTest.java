package com.xonetwork.tailnet.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.model.Policy;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PosturesTest {

    private static final Map<String, String> LINUX =
            Map.of("node:os", "linux", "node:tsVersion", "1.40.2", "custom:tier", "9");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // An attribute that is not there matches nothing, whatever is asked (tailscale.com/kb/1288).
                "custom:none != 'x' | false",
                "custom:none NOT IN ['x'] | false",
                "custom:none < '1' | false",
                "custom:none IS SET | false",
                "custom:none NOT SET | true",
                "node:os IS SET | true",
                "node:os NOT SET | false",
                "node:os == 'linux' | true",
                "node:os == 'Linux' | false",
                "node:os != 'linux' | false",
                "node:os != 'macos' | true",
                "node:os IN ['macos', 'linux'] | true",
                "node:os NOT IN ['macos', 'linux'] | false",
                "node:os NOT IN ['macos'] | true",
                "node:tsVersion >= '1.40' | true",
                "node:tsVersion > '1.40.2' | false",
                "node:tsVersion <= '1.40.2' | true",
                "node:tsVersion < '1.100' | true",
                "custom:tier < '10' | true",
                "custom:tier > '10' | false",
            })
    void asserts(String assertion, boolean expected) {
        Policy policy = Policy.parse("{\"postures\": {\"posture:a\": [\"" + assertion.strip() + "\"]}}");

        assertThat(policy.malformed()).isEmpty();
        assertThat(Postures.hold(policy, List.of("posture:a"), LINUX)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'posture:a', false",
        "'posture:b', true",
        "'posture:a,posture:b', true",
        "'posture:both', false",
        "'posture:unknown', false",
        "'', true"
    })
    void one_posture_of_several_is_enough_but_all_of_it(String names, boolean expected) {
        Policy policy = Policy.parse("""
                {"postures": {"posture:a": ["node:os == 'macos'"], "posture:b": ["node:os == 'linux'"],
                              "posture:both": ["node:os == 'macos'", "node:os == 'linux'"]}}
                """);
        List<String> asked = names.isEmpty() ? List.of() : List.of(names.split(","));

        assertThat(Postures.hold(policy, asked, LINUX)).isEqualTo(expected);
    }

    @Property
    void versions_have_an_order(
            @ForAll @StringLength(max = 8) @NumericChars @AlphaChars String a,
            @ForAll @StringLength(max = 8) @NumericChars String b) {
        assertThat(Integer.signum(Postures.compare(a, b))).isEqualTo(-Integer.signum(Postures.compare(b, a)));
        assertThat(Postures.compare(a, a)).isZero();
    }
}
