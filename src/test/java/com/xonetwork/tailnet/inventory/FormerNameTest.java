package com.xonetwork.tailnet.inventory;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LowerChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class FormerNameTest {

    @Test
    void isTheHostNameAndTheId() {
        assertThat(FormerName.of("web-1", "17")).contains("web-1-replaced-17");
        assertThat(FormerName.of("Web-1", "nTQX21CNTRL")).contains("web-1-replaced-ntqx21cntrl");
    }

    @Test
    void anIdThatIsNoPartOfALabelGivesNone() {
        assertThat(FormerName.of("web-1", "")).isEmpty();
        assertThat(FormerName.of("web-1", "1.2")).isEmpty();
        assertThat(FormerName.of("web-1", "../acl")).isEmpty();
        assertThat(FormerName.of("web-1", "\u0661")).isEmpty();
        assertThat(FormerName.of("web-1", "1".repeat(25))).isEmpty();
    }

    @Property
    void isAlwaysALabelAndFoundAgain(
            @ForAll @LowerChars @NumericChars @StringLength(min = 1, max = 63) String hostname,
            @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 24) String id) {
        var name = FormerName.of(hostname, id).orElseThrow();
        assertThat(name).matches("[a-z0-9][-a-z0-9]{0,62}").isNotEqualTo(hostname);
        assertThat(FormerName.isOn(device(id, name).hostname(hostname).build())).isTrue();
        assertThat(FormerName.isOn(device(id + "x", name).hostname(hostname).build()))
                .isFalse();
        assertThat(FormerName.isOn(device(id, hostname).build())).isFalse();
    }

    /** A machine chooses its host name, and gets a name that begins with it. */
    @Test
    void aMachineCannotCallItselfSo() {
        assertThat(FormerName.isOn(device("17", "web-1-replaced-17").build())).isFalse();
        var longest = "a".repeat(51) + "-replaced-17";
        assertThat(FormerName.of(longest, "17")).contains(longest);
        assertThat(FormerName.isOn(device("17", longest).build())).isFalse();
    }
}
