package com.xonetwork.tailnet.route;

import static com.xonetwork.tailnet.testing.TestExit.exit;
import static com.xonetwork.tailnet.testing.TestRoute.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.route.RouteIntents.Refusal;
import com.xonetwork.tailnet.testing.TestRoute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteIntentsTest {

    @Test
    void aNodeGetsTheUnionOfAllRoutesAndTheExitRoutes() {
        var intents = RouteIntents.of(
                List.of(
                        route("lan").to("192.168.50.0/24").build(),
                        route("dmz").to("10.9.0.0/16", "FD00:1::/64").build(),
                        route("other").to("10.8.0.0/16").via("router-2").build()),
                List.of(exit("out").candidate("router-1", 0).build()));

        assertThat(intents.of("router-1", Map.of()).approved())
                .containsExactly("0.0.0.0/0", "10.9.0.0/16", "192.168.50.0/24", "::/0", "fd00:1::/64");
        assertThat(intents.of("router-1", null).subnets())
                .containsExactly("10.9.0.0/16", "192.168.50.0/24", "fd00:1::/64");
        assertThat(intents.of("router-3", Map.of()).isNothing()).isTrue();
    }

    @Test
    void labelsMeanNodesToo() {
        var intents = intents(route("lan").viaLabel("role", "router"));
        assertThat(intents.of("a", Map.of("role", "router")).approved()).containsExactly("192.168.50.0/24");
        assertThat(intents.of("a", null).isNothing()).isTrue();
    }

    @Test
    void oneThatIsBeingDeletedWantsNothing() {
        assertThat(intents(route("lan").deleting()).of("router-1", null).isNothing())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.168.50.1/24 | 192.168.50.1/24 has host bits set: write 192.168.50.0/24
            fd00::1/64      | fd00::1/64 has host bits set: write fd00::/64
            0.0.0.0/0       | 0.0.0.0/0 is a default route
            ::/0            | ::/0 is a default route
            192.168.50.0    | 192.168.50.0 is no network
            10.1/16         | 10.1/16 is no network
            web-1           | web-1 is no network
            10.0.0.0/33     | 10.0.0.0/33 is no network
            """)
    void whatIsNoNetworkOrAnExitNodesIsRefusedWithWhatToDo(String cidr, String message) {
        assertThat(refusal(intents(route("lan").to(cidr)), route("lan")).message())
                .startsWith(message);
    }

    @Test
    void moreThan64NetworksAreRefused() {
        var many = IntStream.rangeClosed(0, 64)
                .mapToObj(i -> "10.0." + i + ".0/24")
                .toArray(String[]::new);
        assertThat(refusal(intents(route("lan").to(many)), route("lan")).message())
                .startsWith("more than 64 cidrs");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16",
        "10.1.0.0/16, 10.0.0.0/8",
        "10.0.0.0/8, 10.0.0.0/8",
        "fd00::/8, fd12:3456::/32"
    })
    void ofTwoThatOverlapThroughOtherNodesTheYoungerIsRefusedAndToldOfTheOther(String older, String younger) {
        var intents = intents(
                route("a-young").to(younger).via("router-2").created("2026-02-01T00:00:00Z"),
                route("z-old").to(older).via("router-1").created("2026-01-01T00:00:00Z"));

        assertThat(intents.refusal(route("z-old").build())).isEmpty();
        var refusal = refusal(intents, route("a-young"));
        assertThat(refusal.conflict()).isTrue();
        assertThat(refusal.message())
                .isEqualTo(younger + " overlaps " + older + " of SubnetRoute z-old, which is older and has other"
                        + " routers. Put the nodes of both into one SubnetRoute, or make the networks distinct");
    }

    @Test
    void whatIsRefusedIsNeitherApprovedNorTakenAway() {
        var intents = intents(
                route("old").to("10.0.0.0/8").via("router-1"),
                route("young").to("10.1.0.0/16").via("router-2").created("2026-02-01T00:00:00Z"));
        var wanted = intents.of("router-2", null);
        assertThat(wanted.approved()).isEmpty();
        assertThat(wanted.undecided()).containsExactly("10.1.0.0/16");
    }

    @Test
    void overlapThroughTheSameNodesIsFine() {
        var intents = intents(
                route("a").to("10.0.0.0/8").via("router-1", "router-2"),
                route("b").to("10.1.0.0/16").via("router-2", "router-1"));
        assertThat(intents.refusal(route("a").build())).isEmpty();
        assertThat(intents.refusal(route("b").build())).isEmpty();
    }

    @Test
    void whatOnlyOverlapsARefusedOneCounts() {
        var intents = intents(
                route("a").to("10.0.0.0/16").via("r1").created("2026-01-01T00:00:00Z"),
                route("b").to("10.0.0.0/15").via("r2").created("2026-02-01T00:00:00Z"),
                route("c").to("10.1.0.0/16").via("r3").created("2026-03-01T00:00:00Z"));
        assertThat(intents.refusal(route("b").build())).isPresent();
        assertThat(intents.refusal(route("c").build())).isEmpty();
    }

    /** The sweep over nested blocks against what the words say: every pair compared. */
    @Property
    void theRefusedAreThoseThatAPairwiseComparisonFinds(@ForAll("routes") List<TestRoute> routes) {
        var built = routes.stream().map(TestRoute::build).toList();
        var shuffled = new ArrayList<>(built);
        Collections.shuffle(shuffled, new Random(7));
        var intents = RouteIntents.of(shuffled, List.of());

        var refused = new TreeSet<String>();
        for (int young = 0; young < built.size(); young++) {
            for (int old = 0; old < young; old++) {
                if (!refused.contains(built.get(old).getMetadata().getName())
                        && !built.get(old)
                                .getSpec()
                                .via()
                                .equals(built.get(young).getSpec().via())
                        && overlap(built.get(old), built.get(young))) {
                    refused.add(built.get(young).getMetadata().getName());
                }
            }
        }
        assertThat(built.stream()
                        .filter(route -> intents.refusal(route).isPresent())
                        .map(route -> route.getMetadata().getName()))
                .containsExactlyInAnyOrderElementsOf(refused);
    }

    private static boolean overlap(SubnetRoute one, SubnetRoute other) {
        return one.getSpec().cidrs().stream()
                .anyMatch(a -> other.getSpec().cidrs().stream().anyMatch(b -> {
                    var first = Network.of(a).orElseThrow();
                    var second = Network.of(b).orElseThrow();
                    return first.contains(second) || second.contains(first);
                }));
    }

    /** From the oldest to the youngest, in few networks so that they meet. */
    @Provide
    Arbitrary<List<TestRoute>> routes() {
        var cidr = Combinators.combine(
                        Arbitraries.integers().between(0, 15),
                        Arbitraries.integers().between(24, 28))
                .as((block, length) -> Network.canonical("10.0.0." + block * 16 + "/" + length));
        return Combinators.combine(cidr.set().ofMinSize(1).ofMaxSize(4), Arbitraries.of("r1", "r2", "r3"))
                .as((cidrs, via) -> (Numbered) number -> route("route-" + number)
                        .to(cidrs.toArray(String[]::new))
                        .via(via)
                        .created("2026-01-01T00:00:%02dZ".formatted(number)))
                .list()
                .ofMaxSize(8)
                .map(some -> IntStream.range(0, some.size())
                        .mapToObj(i -> some.get(i).with(i))
                        .toList());
    }

    private interface Numbered {
        TestRoute with(int number);
    }

    private static RouteIntents intents(TestRoute... routes) {
        return RouteIntents.of(Stream.of(routes).map(TestRoute::build).toList(), List.of());
    }

    private static Refusal refusal(RouteIntents intents, TestRoute route) {
        return intents.refusal(route.build()).orElseThrow();
    }
}
