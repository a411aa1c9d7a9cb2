package com.xonetwork.tailnet.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.Protocol;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortSetTest {

    @Property
    void sets_behave_as_sets_of_ports(@ForAll("sets") PortSet a, @ForAll("sets") PortSet b, @ForAll("ports") int port) {
        boolean inA = has(a, port);
        boolean inB = has(b, port);

        assertThat(has(a.minus(b), port)).isEqualTo(inA && !inB);
        assertThat(a.minus(b).minus(b)).isEqualTo(a.minus(b));
    }

    @Test
    void nothing_and_everything() {
        assertThat(PortSet.ALL.minus(PortSet.ALL)).isEqualTo(PortSet.NONE);
        assertThat(PortSet.ALL.minus(PortSet.NONE)).isEqualTo(PortSet.ALL);
        assertThat(PortSet.ALL.minus(PortSet.of(List.of(new PortRange(1, 65534)))))
                .hasToString("0,65535");
    }

    /** Pings come along with TCP and UDP, and are said only where they come alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 22 | tcp+udp 22",
                "'' | 0-65535 | tcp+udp *",
                "tcp | 80-90 | tcp 80-90",
                "icmp | 0-65535 | icmp",
                // A rule about pings has no ports, whatever it says.
                "icmp | 8 | icmp",
                "gre | 0-65535 | gre",
                "sctp | 0-65535 | sctp *",
            })
    void traffic_in_words(String protocol, String ports, String text) {
        List<Integer> ends =
                List.of(ports.split("-")).stream().map(Integer::valueOf).toList();
        Optional<Protocol> one = switch (protocol) {
            case "tcp" -> Optional.of(Protocol.TCP);
            case "icmp" -> Optional.of(Protocol.ICMP);
            case "sctp" -> Optional.of(Protocol.SCTP);
            case "gre" -> Optional.of(new Protocol(47));
            default -> Optional.empty();
        };

        assertThat(Traffic.of(one, List.of(new PortRange(ends.getFirst(), ends.getLast()))))
                .hasToString(text);
    }

    private static boolean has(PortSet set, int port) {
        return set.ranges().stream().anyMatch(range -> range.contains(port));
    }

    @Provide
    Arbitrary<Integer> ports() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 12), Arbitraries.integers().between(65530, 65535));
    }

    @Provide
    Arbitrary<PortSet> sets() {
        return Combinators.combine(ports(), ports())
                .as((a, b) -> new PortRange(Math.min(a, b), Math.max(a, b)))
                .list()
                .ofMaxSize(5)
                .map(PortSet::of);
    }
}
