package com.xonetwork.tailnet.policy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                ".1.2.3.4",
                "1..2.3",
                "01.2.3.4",
                "1.2.3.256",
                "1.2.3.4 ",
                "1.2.3.-4",
                "1.2.3.0x4",
                "١.2.3.4",
                "1.2.3.4/8",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                ":1::",
                "1:",
                "::1:",
                "٣::"
            })
    void refuses(String text) {
        assertThat(Ip.isIp(text)).isFalse();
        assertThatThrownBy(() -> Ip.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an IP address: \"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "100.64.0.1, 100.64.0.1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "FD7A:115C:A1E0::0AB, fd7a:115c:a1e0::ab",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:0:2:3:0:0:4, 1::2:3:0:0:4",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::ffff:1.2.3.4, ::ffff:1.2.3.4",
        "64:ff9b::10.0.0.1, 64:ff9b::a00:1",
        "1:2:3:4:5:6:255.255.255.255, 1:2:3:4:5:6:ffff:ffff",
    })
    void reads_and_writes_as_the_service(String text, String written) {
        assertThat(Ip.parse(text)).hasToString(written);
        assertThat(Ip.parse(written)).isEqualTo(Ip.parse(text));
    }

    @Property
    void every_address_is_read_back(
            @ForAll long high, @ForAll long low, @ForAll @LongRange(max = 0xFFFFFFFFL) long v4) {
        assertThat(Ip.parse(Ip.v6(high, low).toString())).isEqualTo(Ip.v6(high, low));
        assertThat(Ip.parse(Ip.v4(v4).toString())).isEqualTo(Ip.v4(v4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/08",
                "10.0.0/8",
                "::/129",
                "/8",
                "10.0.0.0/8/8"
            })
    void refuses_prefixes(String text) {
        assertThatThrownBy(() -> Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8, 10.255.255.255",
        "10.1.2.3, 10.1.2.3/32, 10.1.2.3",
        "1.2.3.4/0, 0.0.0.0/0, 255.255.255.255",
        "fd7a::1/48, fd7a::/48, fd7a::ffff:ffff:ffff:ffff:ffff",
        "1:2:3:4:5:6:7:8/64, 1:2:3:4::/64, 1:2:3:4:ffff:ffff:ffff:ffff",
        "1:2:3:4:5:6:7:8/68, 1:2:3:4::/68, 1:2:3:4:fff:ffff:ffff:ffff",
        "1::2/0, ::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    })
    void prefixes_begin_at_their_first_address(String text, String written, String last) {
        assertThat(Prefix.parse(text)).hasToString(written);
        assertThat(Prefix.parse(text).last()).hasToString(last);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16, true",
        "10.1.0.0/16, 10.0.0.0/8, true",
        "10.1.0.0/16, 10.2.0.0/16, false",
        "0.0.0.0/0, ::/0, false",
        "::/0, fd00::/8, true",
    })
    void prefixes_overlap(String a, String b, boolean overlap) {
        assertThat(Prefix.parse(a).overlaps(Prefix.parse(b))).isEqualTo(overlap);
    }
}
