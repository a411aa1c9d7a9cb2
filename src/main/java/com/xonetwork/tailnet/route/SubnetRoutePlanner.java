package com.xonetwork.tailnet.route;

import static com.xonetwork.tailnet.status.ConditionType.ACCEPTED;
import static com.xonetwork.tailnet.status.ConditionType.ADVERTISED;
import static com.xonetwork.tailnet.status.ConditionType.APPROVED;
import static com.xonetwork.tailnet.status.ConditionType.SERVING;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.RouteVia;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus.Route;
import com.xonetwork.tailnet.api.v1alpha1.UnmanagedRoutes;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.Standing;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.route.SubnetRoutePlan.RouterFacts;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Says how true a SubnetRoute is: what its routers advertise, are approved for and can serve. A route is served by
 * what is advertised <em>and</em> approved <em>and</em> online: approval alone moves no packet.
 */
@Pure
final class SubnetRoutePlanner {

    private static final List<ConditionType> OF_ROUTERS = ConditionType.factsBeside(ACCEPTED, SubnetRoute.class);

    private final SubnetRouteInput input;
    private final SortedSet<String> networks;

    private SubnetRoutePlanner(SubnetRouteInput input) {
        this.input = input;
        this.networks = Network.canonical(input.route().getSpec().cidrs());
    }

    static SubnetRoutePlan plan(SubnetRouteInput input) {
        return new SubnetRoutePlanner(input).plan();
    }

    /**
     * What a route that is gone leaves behind, in words for a user: approvals outlive their declaration where the Tailnet says Keep.
     *
     * @param input whose route no intent knows any more
     */
    static Optional<String> leftApproved(SubnetRouteInput input) {
        var tailnet = input.tailnet();
        if (tailnet != null && tailnet.getSpec().routes().unmanaged() == UnmanagedRoutes.REMOVE) {
            return Optional.empty();
        }
        var networks = Network.canonical(input.route().getSpec().cidrs());
        var left = new TreeSet<String>();
        for (var router : input.routers()) {
            var approved = new TreeSet<>(networks);
            approved.removeAll(router.notApproved(networks));
            approved.removeAll(router.wanted().approved());
            if (!approved.isEmpty()) {
                left.add(router.node() + " (" + String.join(", ", approved) + ")");
            }
        }
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "these routes are still approved, but no SubnetRoute declares them: " + String.join("; ", left)
                                + ". Withdraw the approval by hand, or set routes.unmanaged: Remove on the Tailnet");
    }

    private SubnetRoutePlan plan() {
        var accepted = accepted();
        if (!accepted.isTrue()) {
            return nothingKnown(accepted, accepted.reason(), "the SubnetRoute is not accepted: " + accepted.message());
        }
        return Standing.inTheWay(input.route().getSpec().tailnetRef().name(), input.tailnet(), input.view())
                .map(inTheWay -> nothingKnown(accepted, inTheWay.reason(), inTheWay.message()))
                .orElseGet(() -> known(accepted));
    }

    private Fact accepted() {
        if (input.refusal().isPresent()) {
            var refusal = input.refusal().get();
            return no(ACCEPTED, refusal.conflict() ? Reason.CONFLICT : Reason.INVALID, refusal.message());
        }
        return input.routers().size() > RouteVia.MAX_NODES
                ? no(
                        ACCEPTED,
                        Reason.INVALID,
                        "via selects " + input.routers().size() + " nodes, and " + RouteVia.MAX_NODES
                                + " is the most: narrow the selector")
                : yes(ACCEPTED, Reason.ACCEPTED, "in use");
    }

    private static SubnetRoutePlan nothingKnown(Fact accepted, Reason reason, String message) {
        return new SubnetRoutePlan(
                Stream.concat(Stream.of(accepted), OF_ROUTERS.stream().map(type -> unknown(type, reason, message)))
                        .toList(),
                List.of(),
                List.of());
    }

    private SubnetRoutePlan known(Fact accepted) {
        if (input.routers().isEmpty()) {
            var message =
                    "no TailnetNode of this Tailnet has the labels of via.selector: label the routers, or correct it";
            return new SubnetRoutePlan(
                    Stream.concat(
                                    Stream.of(accepted),
                                    OF_ROUTERS.stream().map(type -> no(type, Reason.NODE_NOT_FOUND, message)))
                            .toList(),
                    networks.stream()
                            .map(network -> new Route(network, List.of(), null))
                            .toList(),
                    List.of());
        }
        var routers = input.routers().stream().map(this::facts).toList();
        var routes = networks.stream().map(this::route).toList();
        return new SubnetRoutePlan(
                List.of(
                        accepted,
                        all(ADVERTISED, routers, Reason.ADVERTISED, "every router advertises every CIDR"),
                        all(APPROVED, routers, Reason.APPROVED, "every router is approved for every CIDR"),
                        serving(routes, routers)),
                routes,
                routers);
    }

    private RouterFacts facts(Router router) {
        var facts = router.absent()
                .map(trouble -> OF_ROUTERS.stream()
                        .map(type -> no(type, trouble.reason(), trouble.message()))
                        .toList())
                .orElseGet(() -> List.of(advertised(router), approved(router), serves(router)));
        return new RouterFacts(
                router.node(),
                Optional.ofNullable(router.device()).map(Device::id).orElse(null),
                facts);
    }

    private Fact advertised(Router router) {
        var lacking = router.notAdvertised(networks);
        return lacking.isEmpty()
                ? yes(ADVERTISED, Reason.ADVERTISED, router.node() + " advertises every CIDR")
                : no(
                        ADVERTISED,
                        Reason.NOT_ADVERTISED,
                        router.node() + " does not advertise " + String.join(", ", lacking) + "; run on it: "
                                + router.advertiseCommand());
    }

    private Fact approved(Router router) {
        var lacking = router.notApproved(networks);
        return lacking.isEmpty()
                ? yes(APPROVED, Reason.APPROVED, router.node() + " is approved for every CIDR")
                : no(
                        APPROVED,
                        Reason.NOT_APPROVED,
                        router.node() + " is not approved for " + String.join(", ", lacking)
                                + "; see RoutesApproved of TailnetNode " + router.node());
    }

    private Fact serves(Router router) {
        var trouble = router.cannotCarry(input.view().there(input.now()));
        if (trouble.isPresent()) {
            return no(SERVING, trouble.get().reason(), trouble.get().message());
        }
        var served =
                networks.stream().filter(network -> carries(router, network)).toList();
        if (served.isEmpty()) {
            return no(
                    SERVING, Reason.NOT_SERVING, router.node() + " has none of the CIDRs both advertised and approved");
        }
        if (router.doubt().isPresent()) {
            return unknown(
                    SERVING, Reason.IP_FORWARDING_OFF, router.doubt().get().message());
        }
        return served.size() == networks.size()
                ? yes(SERVING, Reason.SERVING, router.node() + " can carry every CIDR")
                : yes(SERVING, Reason.DEGRADED, router.node() + " can carry only " + String.join(", ", served));
    }

    private boolean carries(Router router, String network) {
        return router.cannotCarry(input.view().there(input.now())).isEmpty()
                && !router.notAdvertised(networks).contains(network)
                && !router.notApproved(networks).contains(network);
    }

    private Route route(String network) {
        var through = new ArrayList<String>();
        var active = new ArrayList<String>();
        for (var router : input.routers()) {
            if (carries(router, network)) {
                through.add(router.node());
                if (router.device() != null
                        && router.device().servedRoutes() != null
                        && Network.canonical(router.device().servedRoutes()).contains(network)) {
                    active.add(router.node());
                }
            }
        }
        return new Route(network, through, active.size() == 1 ? active.getFirst() : null);
    }

    private static Fact all(ConditionType type, List<RouterFacts> routers, Reason good, String message) {
        var wrong = routers.stream()
                .flatMap(router -> router.facts().stream())
                .filter(fact -> fact.type() == type && !fact.isTrue())
                .toList();
        return wrong.isEmpty()
                ? yes(type, good, message)
                : no(type, wrong.getFirst().reason(), ofThem(wrong.size(), routers.size(), wrong.getFirst()));
    }

    private static String ofThem(int wrong, int all, Fact first) {
        return all == 1 ? first.message() : wrong + " of " + all + " routers: " + first.message();
    }

    /** One router for each CIDR is enough to serve; fewer than all is worth a word. */
    private static Fact serving(List<Route> routes, List<RouterFacts> routers) {
        var unreachable = routes.stream()
                .filter(route -> route.through().isEmpty())
                .map(Route::cidr)
                .toList();
        var wrong = routers.stream()
                .flatMap(router -> router.facts().stream())
                .filter(fact -> fact.type() == SERVING && fact.reason() != Reason.SERVING)
                .toList();
        if (!unreachable.isEmpty()) {
            var first = wrong.stream().filter(fact -> !fact.isTrue()).findFirst();
            return no(
                    SERVING,
                    first.map(Fact::reason).orElse(Reason.NOT_SERVING),
                    "no router serves " + String.join(", ", unreachable)
                            + first.map(fact -> ": " + fact.message()).orElse(""));
        }
        var doubtful = wrong.stream()
                .filter(fact -> fact.reason() == Reason.IP_FORWARDING_OFF)
                .toList();
        if (!doubtful.isEmpty() && doubtful.size() == routers.size()) {
            return unknown(
                    SERVING, Reason.IP_FORWARDING_OFF, doubtful.getFirst().message());
        }
        return wrong.isEmpty()
                ? yes(SERVING, Reason.SERVING, "every CIDR is reachable through every router")
                : yes(
                        SERVING,
                        Reason.DEGRADED,
                        "every CIDR is reachable, but " + ofThem(wrong.size(), routers.size(), wrong.getFirst()));
    }
}
