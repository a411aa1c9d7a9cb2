package com.xonetwork.tailnet.policy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpSetTest {

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.2-10.0.0.1", "10.0.0.1-::1", "10.0.0.1", "10.0.0.1-", "-10.0.0.1", "a-b"})
    void refuses_what_is_no_range(String text) {
        assertThatThrownBy(() -> IpRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refuses_ranges_that_touch() {
        assertThatThrownBy(() ->
                        new IpSet(List.of(IpRange.parse("10.0.0.0-10.0.0.1"), IpRange.parse("10.0.0.2-10.0.0.3"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The service writes ranges so: acl-w01 has 100.64.0.0-100.115.91.255 beside fd7a:115c:a1e0::/48. */
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1-10.0.0.1, 10.0.0.1",
        "10.0.0.0-10.255.255.255, 10.0.0.0/8",
        "100.64.0.0-100.115.91.255, 100.64.0.0-100.115.91.255",
        "0.0.0.0-255.255.255.255, 0.0.0.0/0",
        "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ::/0",
        "10.0.0.1-10.0.0.2, 10.0.0.1-10.0.0.2",
        "fd00::-fd00::ffff, fd00::/112",
    })
    void writes_ranges_as_the_service(String range, String written) {
        assertThat(IpRange.parse(range)).hasToString(written);
    }

    @Test
    void takes_the_edges_of_both_families() {
        assertThat(IpSet.ALL.subtract(IpSet.ALL)).isEqualTo(IpSet.EMPTY);
        assertThat(IpSet.ALL.subtract(IpSet.EMPTY)).isEqualTo(IpSet.ALL);
        assertThat(IpSet.ALL.subtract(IpSet.of(Prefix.parse("0.0.0.0/0")))).isEqualTo(IpSet.of(Prefix.parse("::/0")));
        assertThat(IpSet.of(Prefix.parse("255.255.255.255"))
                        .union(IpSet.of(Prefix.parse("::")))
                        .ranges())
                .hasSize(2);
        assertThat(IpSet.of(Prefix.parse("128.0.0.0/1"), Prefix.parse("0.0.0.0/1")))
                .hasToString("[0.0.0.0/0]");
    }

    @Property
    void sets_behave_as_sets_of_addresses(@ForAll("sets") IpSet a, @ForAll("sets") IpSet b, @ForAll("near") Ip probe) {
        boolean inA = a.contains(probe);
        boolean inB = b.contains(probe);

        assertThat(a.union(b).contains(probe)).isEqualTo(inA || inB);
        assertThat(a.intersect(b).contains(probe)).isEqualTo(inA && inB);
        assertThat(a.subtract(b).contains(probe)).isEqualTo(inA && !inB);
        assertThat(a.ranges().stream().anyMatch(range -> range.contains(probe))).isEqualTo(inA);
    }

    @Property
    void the_laws_of_sets_hold(@ForAll("sets") IpSet a, @ForAll("sets") IpSet b) {
        assertThat(a.union(b)).isEqualTo(b.union(a));
        assertThat(a.intersect(b)).isEqualTo(b.intersect(a));
        assertThat(a.subtract(b).union(a.intersect(b))).isEqualTo(a);
        assertThat(a.subtract(b).overlaps(b)).isFalse();
        assertThat(a.union(b).containsAll(a)).isTrue();
        assertThat(a.containsAll(b)).isEqualTo(b.subtract(a).isEmpty());
    }

    @Property
    void prefixes_make_up_the_set_and_are_few(@ForAll("sets") IpSet set) {
        List<Prefix> prefixes = set.prefixes();

        assertThat(IpSet.of(prefixes.toArray(new Prefix[0]))).isEqualTo(set);
        for (int i = 1; i < prefixes.size(); i++) {
            Prefix before = prefixes.get(i - 1);
            Prefix after = prefixes.get(i);
            boolean halves = before.length() == after.length()
                    && before.length() > 0
                    && new Prefix(before.first(), before.length() - 1)
                            .equals(new Prefix(after.first(), after.length() - 1));
            assertThat(halves).as("%s and %s could be one", before, after).isFalse();
        }
    }

    /** Few addresses, around the edges of words and families, so that ranges meet. */
    @Provide
    Arbitrary<Ip> near() {
        Arbitrary<Ip> v4 = Arbitraries.oneOf(
                        Arbitraries.longs().between(0, 40),
                        Arbitraries.longs().between(0xFFFFFFE0L, 0xFFFFFFFFL),
                        Arbitraries.longs().between(0x0A000000L, 0x0A000020L))
                .map(Ip::v4);
        Arbitrary<Ip> v6 = Combinators.combine(
                        Arbitraries.of(0L, 1L, -1L),
                        Arbitraries.oneOf(Arbitraries.longs().between(-20, 20)))
                .as(Ip::v6);
        return Arbitraries.oneOf(v4, v6);
    }

    @Provide
    Arbitrary<IpSet> sets() {
        Arbitrary<IpRange> range = Combinators.combine(near(), near())
                .filter((a, b) -> a.v6() == b.v6())
                .as((a, b) -> a.compareTo(b) <= 0 ? new IpRange(a, b) : new IpRange(b, a));
        return range.list().ofMaxSize(6).map(IpSet::ofRanges);
    }
}
