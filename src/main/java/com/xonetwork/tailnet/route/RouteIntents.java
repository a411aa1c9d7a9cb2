package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.RouteVia;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteSpec;
import com.xonetwork.tailnet.kube.Age;
import com.xonetwork.tailnet.pure.Pure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What all SubnetRoutes and ExitNodes of one tailnet want of its devices: the one place that decides which of them count,
 * so that the writer of a device and those who report on a route cannot disagree. They are made of specs alone.
 */
@Pure
public final class RouteIntents {

    /** What an exit node advertises: both, or clients leak the other family. */
    public static final SortedSet<String> EXIT_ROUTES =
            Collections.unmodifiableSortedSet(new TreeSet<>(List.of("0.0.0.0/0", "::/0")));

    private final List<SubnetRoute> routes;
    private final List<ExitNode> exits;
    private final Map<String, Refusal> refusals;

    /**
     * Why a SubnetRoute does not count.
     *
     * @param conflict it contradicts another one; else it is wrong by itself
     */
    public record Refusal(boolean conflict, String message) {}

    /**
     * What is wanted of one node.
     *
     * @param approved CIDRs to approve for it, exit routes included
     * @param undecided CIDRs that a SubnetRoute declares which does not count: neither approved nor taken away
     */
    public record Wanted(SortedSet<String> approved, SortedSet<String> undecided) {
        public Wanted {
            approved = Collections.unmodifiableSortedSet(new TreeSet<>(approved));
            undecided = Collections.unmodifiableSortedSet(new TreeSet<>(undecided));
        }

        public boolean isNothing() {
            return approved.isEmpty() && undecided.isEmpty();
        }

        /** CIDRs to approve but for the exit routes. */
        public SortedSet<String> subnets() {
            var subnets = new TreeSet<>(approved);
            subnets.removeAll(EXIT_ROUTES);
            return subnets;
        }
    }

    private RouteIntents(List<SubnetRoute> routes, List<ExitNode> exits, Map<String, Refusal> refusals) {
        this.routes = routes;
        this.exits = exits;
        this.refusals = refusals;
    }

    /** @param routes and exits of one tailnet; those being deleted want nothing any more */
    public static RouteIntents of(Collection<SubnetRoute> routes, Collection<ExitNode> exits) {
        var living = routes.stream()
                .filter(route -> !route.isMarkedForDeletion())
                // The older one is right: what is in use is not undone by what comes later.
                .sorted(Age.OLDEST_FIRST)
                .toList();
        return new RouteIntents(
                living,
                exits.stream()
                        .filter(exit -> !exit.isMarkedForDeletion())
                        .sorted(Age.OLDEST_FIRST)
                        .toList(),
                refusals(living));
    }

    public boolean areNone() {
        return routes.isEmpty() && exits.isEmpty();
    }

    /** Why a SubnetRoute does not count; empty when it does. */
    public Optional<Refusal> refusal(SubnetRoute route) {
        return Optional.ofNullable(refusals.get(route.getMetadata().getName()));
    }

    /** @param labels of the TailnetNode; null for none */
    public Wanted of(String node, @Nullable Map<String, String> labels) {
        var approved = new TreeSet<String>();
        var undecided = new TreeSet<String>();
        for (var route : routes) {
            if (route.getSpec().via().means(node, labels)) {
                (refusal(route).isEmpty() ? approved : undecided)
                        .addAll(Network.canonical(route.getSpec().cidrs()));
            }
        }
        if (exits.stream()
                .anyMatch(exit -> exit.getSpec().candidates().stream()
                        .anyMatch(candidate -> candidate.node().equals(node)))) {
            approved.addAll(EXIT_ROUTES);
        }
        return new Wanted(approved, undecided);
    }

    private static Map<String, Refusal> refusals(List<SubnetRoute> routes) {
        var refusals = new HashMap<String, Refusal>();
        var sound = new ArrayList<SubnetRoute>();
        for (var route : routes) {
            var problem = problem(route.getSpec());
            problem.ifPresentOrElse(
                    message -> refusals.put(route.getMetadata().getName(), new Refusal(false, message)),
                    () -> sound.add(route));
        }
        addOverlaps(sound, refusals);
        return Map.copyOf(refusals);
    }

    /** The rules of the CRD once more: an older API server, or an older CRD, may have let it through. */
    private static Optional<String> problem(SubnetRouteSpec spec) {
        if (spec.cidrs().size() > SubnetRouteSpec.MAX_CIDRS) {
            return Optional.of(
                    "more than " + SubnetRouteSpec.MAX_CIDRS + " cidrs: divide them among several SubnetRoutes");
        }
        for (var cidr : spec.cidrs()) {
            var network = Network.of(cidr);
            if (network.isEmpty()) {
                return Optional.of(cidr + " is no network: write it like 192.168.50.0/24 or fd00:1::/64");
            }
            if (network.get().isDefaultRoute()) {
                return Optional.of(cidr + " is a default route, which is an exit node's: create an ExitNode for it");
            }
            if (Network.hasHostBits(cidr)) {
                return Optional.of(cidr + " has host bits set: write " + network.get());
            }
        }
        return Optional.empty();
    }

    private record Claim(Network network, SubnetRoute by, int age) {}

    /**
     * Blocks either nest or are apart, so in the order of {@link Network} whatever overlaps a block is on the stack of those
     * around it. Of two that overlap through different nodes the younger one is refused; what only overlaps a refused one
     * counts.
     */
    private static void addOverlaps(List<SubnetRoute> routes, Map<String, Refusal> refusals) {
        var claims = new ArrayList<Claim>();
        for (int age = 0; age < routes.size(); age++) {
            for (var cidr : routes.get(age).getSpec().cidrs()) {
                claims.add(new Claim(Network.of(cidr).orElseThrow(), routes.get(age), age));
            }
        }
        claims.sort(Comparator.comparing(Claim::network).thenComparing(Claim::age));
        var clashes = new HashMap<Integer, List<Claim[]>>();
        var around = new ArrayDeque<Claim>();
        for (var claim : claims) {
            while (!around.isEmpty() && !around.peek().network().contains(claim.network())) {
                around.pop();
            }
            for (var outer : around) {
                if (!sameNodes(outer.by().getSpec().via(), claim.by().getSpec().via())) {
                    var younger = outer.age() > claim.age() ? outer : claim;
                    var older = younger == outer ? claim : outer;
                    clashes.computeIfAbsent(younger.age(), unused -> new ArrayList<>())
                            .add(new Claim[] {younger, older});
                }
            }
            around.push(claim);
        }
        for (int age = 0; age < routes.size(); age++) {
            var name = routes.get(age).getMetadata().getName();
            clashes.getOrDefault(age, List.of()).stream()
                    .filter(clash ->
                            !refusals.containsKey(clash[1].by().getMetadata().getName()))
                    .min(Comparator.comparing((Claim[] clash) -> clash[1].age())
                            .thenComparing(clash -> clash[0].network()))
                    .ifPresent(clash -> refusals.put(
                            name,
                            new Refusal(
                                    true,
                                    clash[0].network() + " overlaps " + clash[1].network() + " of SubnetRoute "
                                            + clash[1].by().getMetadata().getName()
                                            + ", which is older and has other routers. Put the nodes of both into"
                                            + " one SubnetRoute, or make the networks distinct")));
        }
    }

    private static boolean sameNodes(RouteVia one, RouteVia other) {
        return new HashSet<>(one.nodes()).equals(new HashSet<>(other.nodes()))
                && Objects.equals(one.selector(), other.selector());
    }
}
