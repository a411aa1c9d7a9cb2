package com.xonetwork.tailnet.policy.model;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddressString;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "256.1.1.1",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.4 ",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "1:",
                ":1",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4.5",
                "١.2.3.4"
            })
    void refuses(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4, 1.2.3.4",
        "0.0.0.0, 0.0.0.0",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "FD7A:115C:A1E0::0, fd7a:115c:a1e0::",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::ffff:1.2.3.4, ::ffff:1.2.3.4",
        "64:ff9b::1.2.3.4, 64:ff9b::102:304",
        "1:0:0:2:0:0:3:4, 1::2:0:0:3:4"
    })
    void readsAndWrites(String text, String canonical) {
        assertThat(IpAddress.of(text)).hasToString(canonical);
        assertThat(IpAddress.of(canonical)).isEqualTo(IpAddress.of(text));
    }

    @Property
    void agreesWithALibrary(@ForAll long high, @ForAll long low, @ForAll @IntRange(max = 128) int bits) {
        IpAddress address = IpAddress.v6(high, low);
        assertThat(IpAddress.of(address.toString())).isEqualTo(address);

        var theirs = new IPAddressString(address + "/" + bits).getAddress();
        IpRange range = new IpPrefix(address, bits).range();
        assertThat(number(range.first()))
                .isEqualTo(theirs.toPrefixBlock().getLower().getValue());
        assertThat(number(range.last()))
                .isEqualTo(theirs.toPrefixBlock().getUpper().getValue());
    }

    @Property
    void agreesWithALibraryOnIpv4(@ForAll int word, @ForAll @IntRange(max = 32) int bits) {
        IpAddress address = IpAddress.v4(word);
        assertThat(IpAddress.of(address.toString())).isEqualTo(address);

        var theirs = new IPAddressString(address + "/" + bits).getAddress();
        IpRange range = new IpPrefix(address, bits).range();
        assertThat(range.first())
                .hasToString(
                        theirs.toPrefixBlock().getLower().withoutPrefixLength().toString());
        assertThat(range.last())
                .hasToString(
                        theirs.toPrefixBlock().getUpper().withoutPrefixLength().toString());
    }

    /** What a C library connects to is an address to the rest of the operator, and none to a policy: that is why there are two readers. */
    @ParameterizedTest
    @CsvSource({
        "0xA9FEA9FE, 169.254.169.254",
        "0251.0376.0251.0376, 169.254.169.254",
        "10.1, 10.0.0.1",
        "fe80::1%eth0, fe80::1%eth0"
    })
    void aLibraryReadsWhatTheServiceRefuses(String text, String canonical) {
        assertThat(IpAddress.parse(text)).isEmpty();
        assertThat(new IPAddressString(text).getAddress().toCanonicalString()).isEqualTo(canonical);
    }

    @Property
    void stepsAndOrders(@ForAll @Size(2) long[] words) {
        IpAddress address = IpAddress.v6(words[0], words[1]);
        IpAddress next = address.next();
        if (next != null) {
            assertThat(next.previous()).isEqualTo(address);
            assertThat(next).isGreaterThan(address);
            assertThat(number(next)).isEqualTo(number(address).add(BigInteger.ONE));
        }
        assertThat(IpAddress.v4(words[0])).isLessThan(address);
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(Long.toUnsignedString(address.high()))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(address.low())));
    }
}
