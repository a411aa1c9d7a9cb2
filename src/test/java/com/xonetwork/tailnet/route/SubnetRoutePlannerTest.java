package com.xonetwork.tailnet.route;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestRoute.route;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus.Route;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.UnmanagedRoutes;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestRoute;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SubnetRoutePlannerTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final String LAN = "192.168.50.0/24";

    private final Set<String> forwardingOff = new HashSet<>();
    private Tailnet tailnet = tailnet("home").build();
    private TestRoute route = route("lan").via("router-1");
    private TestRoute other;
    private NodeCache nodes = NodeCache.of(node("router-1"), node("router-2"));

    @Test
    void aRouteThatIsAdvertisedApprovedAndOnlineIsServed() {
        var plan = plan(device("1", "router-1").routes(LAN).build());

        assertThat(said(plan.facts()))
                .containsExactly(
                        "Accepted=True/Accepted",
                        "Advertised=True/Advertised",
                        "Approved=True/Approved",
                        "Serving=True/Serving");
        assertThat(plan.routes()).containsExactly(new Route(LAN, List.of("router-1"), null));
        assertThat(plan.routers().getFirst().deviceId()).isEqualTo("1");
    }

    @Test
    void whatIsNotAdvertisedNamesTheExactLineToRunWithAllThatTheMachineOffers() {
        route = route("lan").to(LAN, "10.9.0.0/16").via("router-1");
        other = route("dmz").to("fd00:1::/64").via("router-1");
        var plan = plan(device("1", "router-1")
                .advertises("0.0.0.0/0", "::/0", "172.20.0.0/16", "10.9.0.0/16")
                .approvedFor(LAN, "10.9.0.0/16")
                .build());

        assertThat(fact(plan, ConditionType.ADVERTISED).message())
                .isEqualTo("router-1 does not advertise 192.168.50.0/24; run on it: tailscale set"
                        + " --advertise-routes=10.9.0.0/16,172.20.0.0/16,192.168.50.0/24,fd00:1::/64");
        assertThat(said(plan.facts()))
                .contains("Advertised=False/NotAdvertised", "Approved=True/Approved", "Serving=False/NotServing");
    }

    @Test
    void approvalAloneIsNotServing() {
        var plan = plan(device("1", "router-1").approvedFor(LAN).build());
        assertThat(said(plan.facts())).contains("Serving=False/NotServing");
        assertThat(fact(plan, ConditionType.SERVING).message())
                .startsWith("no router serves " + LAN + ": router-1 has none");
        assertThat(plan.routes().getFirst().through()).isEmpty();
    }

    @Test
    void aRouteThatIsNotApprovedSaysWhereToLook() {
        var plan = plan(device("1", "router-1").advertises(LAN).build());
        assertThat(fact(plan, ConditionType.APPROVED).message())
                .isEqualTo("router-1 is not approved for 192.168.50.0/24; see RoutesApproved of TailnetNode router-1");
    }

    @Test
    void oneOfTwoRoutersServesAndTheMissingStandbyIsNamed() {
        route = route("lan").via("router-1", "router-2");
        var plan = plan(
                device("1", "router-1").routes(LAN).build(),
                device("2", "router-2").routes(LAN).offline().build());

        assertThat(said(plan.facts())).contains("Advertised=True/Advertised", "Serving=True/Degraded");
        assertThat(fact(plan, ConditionType.SERVING).message())
                .isEqualTo(
                        "every CIDR is reachable, but 1 of 2 routers: router-2 is not connected to the control plane");
        assertThat(said(plan.routers().get(1).facts())).contains("Serving=False/Offline");
    }

    @Test
    void theActiveRouterIsNamedWhereTheControlPlaneTells() {
        route = route("lan").via("router-1", "router-2");
        var plan = plan(
                device("1", "router-1").routes(LAN).serves().build(),
                device("2", "router-2").routes(LAN).serves(LAN).build());
        assertThat(plan.routes()).containsExactly(new Route(LAN, List.of("router-1", "router-2"), "router-2"));
    }

    @Test
    void anExpiredRouterDoesNotServeThoughItShowsConnected() {
        var plan = plan(
                device("1", "router-1").routes(LAN).expires(NOW.minusSeconds(1)).build());
        assertThat(said(plan.facts())).contains("Serving=False/KeyExpired");
    }

    @Test
    void aRouterThatDoesNotForwardIsNamed() {
        forwardingOff.add("1");
        var plan = plan(device("1", "router-1").routes(LAN).build());
        assertThat(said(plan.facts())).contains("Serving=Unknown/IpForwardingOff");
        assertThat(fact(plan, ConditionType.SERVING).message())
                .contains("router-1 does not forward packets: see that net.ipv4.ip_forward=1");
        assertThat(plan.routes().getFirst().through())
                .as("the report is never taken back: nothing is decided on it")
                .containsExactly("router-1");
    }

    @Test
    void aNodeThatDoesNotExistOrHasNoDeviceIsToldApart() {
        route = route("lan").via("nobody", "router-1");
        var plan = plan();
        assertThat(plan.routers().get(0).facts().getFirst().message())
                .isEqualTo("there is no TailnetNode nobody of this Tailnet: create it, or correct the name");
        assertThat(plan.routers().get(1).facts().getFirst().message())
                .isEqualTo("no device stands for TailnetNode router-1; see its condition Joined");
        assertThat(said(plan.facts())).contains("Advertised=False/NodeNotFound");
    }

    @Test
    void aSelectorThatMeansNobodySaysSo() {
        route = route("lan").viaLabel("role", "router");
        assertThat(said(plan().facts())).contains("Accepted=True/Accepted", "Serving=False/NodeNotFound");
    }

    @Test
    void aSelectorThatMeansFarTooManyIsRefused() {
        route = route("lan").viaLabel("role", "router");
        nodes = new NodeCache(Stream.iterate(0, i -> i + 1)
                .limit(33)
                .map(i -> node("router-" + i).label("role", "router").build())
                .toList());
        assertThat(said(plan().facts())).contains("Accepted=False/Invalid", "Serving=Unknown/Invalid");
    }

    @Test
    void aRefusedOneNamesTheOtherAndClaimsNothingElse() {
        other = route("old").to("192.168.0.0/16").via("router-2").created("2025-01-01T00:00:00Z");
        var plan = plan(device("1", "router-1").routes(LAN).build());
        assertThat(said(plan.facts()))
                .containsExactly(
                        "Accepted=False/Conflict",
                        "Advertised=Unknown/Conflict",
                        "Approved=Unknown/Conflict",
                        "Serving=Unknown/Conflict");
        assertThat(fact(plan, ConditionType.ACCEPTED).message()).contains(LAN, "192.168.0.0/16", "SubnetRoute old");
    }

    @Test
    void withoutItsTailnetNothingIsKnown() {
        tailnet = null;
        assertThat(said(plan().facts())).contains("Accepted=True/Accepted", "Serving=Unknown/TailnetNotFound");
    }

    @Test
    void aStaleListIsNoProofOfAnything() {
        var plan =
                planOn(TestView.of(device("1", "router-1").routes(LAN).build()).freshness(Freshness.STALE));
        assertThat(said(plan.facts())).contains("Advertised=Unknown/SnapshotStale", "Serving=Unknown/SnapshotStale");
    }

    private Optional<String> left(Device device) {
        return SubnetRoutePlanner.leftApproved(input(TestView.of(device), List.of()));
    }

    @Test
    void whatAGoneRouteLeavesApprovedIsNamed() {
        assertThat(left(device("1", "router-1").routes(LAN).build()).orElseThrow())
                .startsWith(
                        "these routes are still approved, but no SubnetRoute declares them: router-1 (" + LAN + ")");
        assertThat(left(device("1", "router-1").build())).isEmpty();
    }

    @Test
    void whereTheTailnetTakesRoutesBackNothingIsLeft() {
        tailnet = tailnet("home").unmanagedRoutes(UnmanagedRoutes.REMOVE).build();
        assertThat(left(device("1", "router-1").routes(LAN).build())).isEmpty();
    }

    private SubnetRoutePlan plan(Device... devices) {
        return planOn(TestView.of(devices));
    }

    private SubnetRoutePlan planOn(TestView view) {
        return SubnetRoutePlanner.plan(input(
                view,
                Stream.of(route.build(), other == null ? null : other.build())
                        .filter(Objects::nonNull)
                        .toList()));
    }

    private SubnetRouteInput input(TestView view, List<SubnetRoute> there) {
        var built = route.build();
        var intents = RouteIntents.of(there, List.of());
        var routers = new Routers(
                nodes,
                new TailnetKey("net", "home"),
                view.build(),
                intents,
                device -> forwardingOff.contains(device.id()));
        return new SubnetRouteInput(
                built,
                tailnet,
                view.build(),
                intents.refusal(built),
                routers.meantBy(built.getSpec().via()),
                NOW);
    }

    private static List<String> said(List<Fact> facts) {
        return facts.stream()
                .map(fact -> fact.type() + "=" + fact.status() + "/" + fact.reason())
                .toList();
    }

    private static Fact fact(SubnetRoutePlan plan, ConditionType type) {
        return plan.facts().stream()
                .filter(fact -> fact.type() == type)
                .findFirst()
                .orElseThrow();
    }
}
