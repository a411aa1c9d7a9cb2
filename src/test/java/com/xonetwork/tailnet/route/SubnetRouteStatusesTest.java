package com.xonetwork.tailnet.route;

import static com.xonetwork.tailnet.testing.TestRoute.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.route.SubnetRoutePlan.RouterFacts;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SubnetRouteStatusesTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    @Test
    void allRoutersAreInTheColumn() {
        var plan = new SubnetRoutePlan(
                List.of(),
                List.of(),
                Stream.of("r1", "r2", "r3", "r4")
                        .map(name -> new RouterFacts(name, null, List.of()))
                        .toList());

        assertThat(SubnetRouteStatuses.of(route("office").build(), plan, NOW).routerSummary())
                .isEqualTo("r1,r2,r3 + 1 more...");
    }

    /** One that is not accepted has no routes, and users want to see what it was about all the more. */
    @Test
    void theCidrsAreThoseOfTheSpec() {
        var plan = new SubnetRoutePlan(List.of(), List.of(), List.of());

        assertThat(SubnetRouteStatuses.of(
                                route("office").to("10.0.0.0/8", "fd00::/64").build(), plan, NOW)
                        .cidrSummary())
                .isEqualTo("10.0.0.0/8,fd00::/64");
    }
}
