package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressesTest {

    private static final ClientAddresses TRUSTING =
            new ClientAddresses(List.of("10.0.0.0/8", "192.0.2.1", "2001:db8:ffff::/48", "::1"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Nobody says anything.
                "203.0.113.9 | | 203.0.113.9",
                "10.0.0.1 | | 10.0.0.1",
                // A stranger says anything.
                "203.0.113.9 | 198.51.100.7 | 203.0.113.9",
                "203.0.113.9 | 10.0.0.1 | 203.0.113.9",
                // A trusted proxy says it.
                "10.0.0.1 | 198.51.100.7 | 198.51.100.7",
                "192.0.2.1 | 198.51.100.7 | 198.51.100.7",
                "192.0.2.2 | 198.51.100.7 | 192.0.2.2",
                "0:0:0:0:0:0:0:1 | 198.51.100.7 | 198.51.100.7",
                // It adds to what a stranger made up.
                "10.0.0.1 | 1.1.1.1, 198.51.100.7 | 198.51.100.7",
                "10.0.0.1 | 1.1.1.1;198.51.100.7 | 198.51.100.7",
                "10.0.0.1 | 10.0.0.9, 198.51.100.7 | 198.51.100.7",
                // Proxies one behind the other.
                "10.0.0.1 | 1.1.1.1, 198.51.100.7, 10.0.0.2 | 198.51.100.7",
                "10.0.0.1 | 10.0.0.3, 10.0.0.2 | 10.0.0.3",
                // What is no address ends it.
                "10.0.0.1 | 198.51.100.7, unknown | 10.0.0.1",
                "10.0.0.1 | unknown, 10.0.0.2 | 10.0.0.2",
                "10.0.0.1 | 198.51.100.7, | 10.0.0.1",
                "10.0.0.1 | localhost | 10.0.0.1",
                "10.0.0.1 | 0.0.0.0/0 | 10.0.0.1",
                "10.0.0.1 | * | 10.0.0.1",
                "10.0.0.1 | 1-2.3.4.5 | 10.0.0.1",
                // Other ways to write addresses.
                "10.0.0.1 | 198.51.100.7:4711 | 198.51.100.7",
                "10.0.0.1 | [2001:db8::7]:4711 | 2001:db8::/64",
                "10.0.0.1 | ::ffff:198.51.100.7 | 198.51.100.7",
                "::ffff:10.0.0.1 | 198.51.100.7 | 198.51.100.7",
                // One subscriber has a network of IPv6.
                "2001:db8::1 | | 2001:db8::/64",
                "2001:db8:0:0:ffff::2 | | 2001:db8::/64",
                "2001:db8:0:1::1 | | 2001:db8:0:1::/64",
                "fe80::1%eth0 | | fe80::/64",
                "2001:db8:ffff::1 | 2001:db8:1::1 | 2001:db8:1::/64",
                "a socket without an address | 198.51.100.7 | a socket without an address",
            })
    void theLastThatIsNotATrustedProxy(String peer, String forwarded, String expected) {
        var headers = forwarded == null ? List.<String>of() : List.of(forwarded.split(";", -1));
        assertThat(TRUSTING.of(peer, headers)).isEqualTo(expected);
    }

    @Test
    void whereNobodyIsTrustedNoHeaderCounts() {
        var none = new ClientAddresses(List.of());
        assertThat(none.of("10.0.0.1", List.of("198.51.100.7"))).isEqualTo("10.0.0.1");
    }

    @Test
    void whoTrustsAllBelievesTheFirstOfAFewHops() {
        var all = new ClientAddresses(List.of("0.0.0.0/0", "::/0"));
        assertThat(all.of("10.0.0.1", List.of("198.51.100.7, 10.0.0.2"))).isEqualTo("198.51.100.7");
        assertThat(all.of("10.0.0.1", List.of("198.51.100.7" + ", 10.0.0.2".repeat(10_000))))
                .isEqualTo("10.0.0.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "proxy.example.com", "10.0.0.0/33", "10.0.0.1-9", "10.*.0.0"})
    void whatIsNoAddressIsRefused(String proxy) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClientAddresses(List.of(proxy)))
                .withMessageContaining("is neither an address nor a CIDR");
    }
}
