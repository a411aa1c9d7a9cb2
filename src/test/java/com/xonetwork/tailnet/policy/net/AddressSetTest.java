package com.xonetwork.tailnet.policy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.IpRange;
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

class AddressSetTest {

    @Test
    void refuses_ranges_that_touch() {
        assertThatThrownBy(() -> new AddressSet(List.of(range("10.0.0.0-10.0.0.1"), range("10.0.0.2-10.0.0.3"))))
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
        assertThat(AddressSet.text(range(range))).isEqualTo(written);
    }

    @Test
    void takes_the_edges_of_both_families() {
        assertThat(AddressSet.ALL.subtract(AddressSet.ALL)).isEqualTo(AddressSet.EMPTY);
        assertThat(AddressSet.ALL.subtract(AddressSet.EMPTY)).isEqualTo(AddressSet.ALL);
        assertThat(AddressSet.ALL.subtract(AddressSet.of(IpPrefix.of("0.0.0.0/0"))))
                .isEqualTo(AddressSet.of(IpPrefix.of("::/0")));
        assertThat(AddressSet.of(IpPrefix.of("255.255.255.255/32"))
                        .union(AddressSet.of(IpPrefix.of("::/128")))
                        .ranges())
                .hasSize(2);
        assertThat(AddressSet.of(IpPrefix.of("128.0.0.0/1"), IpPrefix.of("0.0.0.0/1")))
                .isEqualTo(AddressSet.of(IpPrefix.of("0.0.0.0/0")));
    }

    @Property
    void sets_behave_as_sets_of_addresses(
            @ForAll("sets") AddressSet a, @ForAll("sets") AddressSet b, @ForAll("near") IpAddress probe) {
        boolean inA = a.contains(probe);
        boolean inB = b.contains(probe);

        assertThat(a.union(b).contains(probe)).isEqualTo(inA || inB);
        assertThat(a.intersect(b).contains(probe)).isEqualTo(inA && inB);
        assertThat(a.subtract(b).contains(probe)).isEqualTo(inA && !inB);
        assertThat(a.ranges().stream().anyMatch(range -> range.contains(probe))).isEqualTo(inA);
    }

    @Property
    void the_laws_of_sets_hold(@ForAll("sets") AddressSet a, @ForAll("sets") AddressSet b) {
        assertThat(a.union(b)).isEqualTo(b.union(a));
        assertThat(a.intersect(b)).isEqualTo(b.intersect(a));
        assertThat(a.subtract(b).union(a.intersect(b))).isEqualTo(a);
        assertThat(a.subtract(b).intersect(b).isEmpty()).isTrue();
        assertThat(a.union(b).intersect(a)).isEqualTo(a);
        assertThat(a.intersect(b).equals(b)).isEqualTo(b.subtract(a).isEmpty());
    }

    @Property
    void prefixes_make_up_the_set_and_are_few(@ForAll("sets") AddressSet set) {
        List<IpPrefix> prefixes = set.prefixes();

        assertThat(AddressSet.of(prefixes.toArray(new IpPrefix[0]))).isEqualTo(set);
        for (int i = 1; i < prefixes.size(); i++) {
            IpPrefix before = prefixes.get(i - 1);
            IpPrefix after = prefixes.get(i);
            boolean halves = before.bits() == after.bits()
                    && before.bits() > 0
                    && new IpPrefix(before.address(), before.bits() - 1)
                            .equals(new IpPrefix(after.address(), after.bits() - 1));
            assertThat(halves).as("%s and %s could be one", before, after).isFalse();
        }
    }

    /** Few addresses, around the edges of words and families, so that ranges meet. */
    @Provide
    Arbitrary<IpAddress> near() {
        Arbitrary<IpAddress> v4 = Arbitraries.oneOf(
                        Arbitraries.longs().between(0, 40),
                        Arbitraries.longs().between(0xFFFFFFE0L, 0xFFFFFFFFL),
                        Arbitraries.longs().between(0x0A000000L, 0x0A000020L))
                .map(IpAddress::v4);
        Arbitrary<IpAddress> v6 = Combinators.combine(
                        Arbitraries.of(0L, 1L, -1L),
                        Arbitraries.oneOf(Arbitraries.longs().between(-20, 20)))
                .as(IpAddress::v6);
        return Arbitraries.oneOf(v4, v6);
    }

    @Provide
    Arbitrary<AddressSet> sets() {
        Arbitrary<IpRange> range = Combinators.combine(near(), near())
                .filter((a, b) -> a.v6() == b.v6())
                .as((a, b) -> a.compareTo(b) <= 0 ? new IpRange(a, b) : new IpRange(b, a));
        return range.list().ofMaxSize(6).map(AddressSet::ofRanges);
    }

    private static IpRange range(String text) {
        return IpRange.parse(text).orElseThrow();
    }
}
