package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.compile.Allowance;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Protocol;
import com.xonetwork.tailnet.policy.reach.Reach.Edge;
import com.xonetwork.tailnet.policy.reach.ReachRules.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Asks of single pairs whether a policy lets them through: each pair is written as a rule of another policy, which is
 * never in force. A machine and itself are no pair.
 */
public final class ReachPairs {

    private static final int EVERYBODY = -1;

    private final CompiledPolicy asked;
    private final ReachSpace space;
    private final ReachRules rules;
    private final EndpointNames names;

    private record Signature(BitSet rules, int user) {}

    private record Gap(BitSet from, BitSet to) {}

    /** @throws IllegalArgumentException if the policies were compiled for different tailnets */
    public ReachPairs(CompiledPolicy policy, CompiledPolicy asked) {
        if (policy.index() != asked.index()) {
            throw new IllegalArgumentException("the policies are of different tailnets");
        }
        this.asked = asked;
        List<CompiledPolicy> both = List.of(policy, asked);
        space = new ReachSpace(policy.index(), both);
        rules = ReachRules.of(policy, space);
        names = new EndpointNames(space, both, true);
    }

    /** What passes of what the pair says, if any source reaches any destination with any of it. */
    public List<Edge> passing(Allowance pair, Protocol protocol) {
        Map<Gap, BitSet> found = new LinkedHashMap<>();
        BitSet from = space.sources(pair, asked);
        TrafficUnits units = units(pair, protocol);
        for (Allowance.Target target : pair.targets()) {
            BitSet to = space.destinations(target, pair, asked);
            BitSet wanted = units.of(Traffic.of(Optional.of(protocol), target.ports()));
            rules.rules().forEach(rule -> add(found, and(rule.from(), from), and(rule.to(), to), units, rule, wanted));
            for (Rule rule : rules.own()) {
                byUser(and(rule.from(), from))
                        .forEach((user, theirs) -> add(found, theirs, and(ownDevices(user), to), units, rule, wanted));
            }
        }
        return edges(found, units);
    }

    /**
     * What does not pass of what the pair says: every source must reach every destination with all of it. Machines count
     * with their first address that is meant, as in the service's own tests.
     */
    public List<Edge> missing(Allowance pair, Protocol protocol) {
        Map<Gap, BitSet> found = new LinkedHashMap<>();
        BitSet allFrom = space.sources(pair, asked);
        BitSet from = firstOfEachMachine(allFrom);
        TrafficUnits units = units(pair, protocol);
        for (Allowance.Target target : pair.targets()) {
            BitSet allTo = space.destinations(target, pair, asked);
            BitSet to = firstOfEachMachine(allTo);
            Map<BitSet, BitSet> alike = new LinkedHashMap<>();
            units.of(Traffic.of(Optional.of(protocol), target.ports())).stream()
                    .forEach(unit -> alike.computeIfAbsent(rulesWith(unit, units), relevant -> new BitSet())
                            .set(unit));
            alike.forEach((relevant, traffic) -> gaps(from, to, relevant)
                    .forEach(gap -> found.computeIfAbsent(
                                    new Gap(wholeMachines(gap.from(), allFrom), wholeMachines(gap.to(), allTo)),
                                    g -> new BitSet())
                            .or(traffic)));
        }
        return edges(found, units);
    }

    private TrafficUnits units(Allowance pair, Protocol protocol) {
        List<Traffic> all = new ArrayList<>();
        rules.rules().forEach(rule -> all.add(rule.traffic()));
        rules.own().forEach(rule -> all.add(rule.traffic()));
        pair.targets().forEach(target -> all.add(Traffic.of(Optional.of(protocol), target.ports())));
        return new TrafficUnits(all);
    }

    private void add(Map<Gap, BitSet> found, BitSet from, BitSet to, TrafficUnits units, Rule rule, BitSet wanted) {
        BitSet traffic = and(units.of(rule.traffic()), wanted);
        if (!traffic.isEmpty() && isPair(from, to)) {
            found.computeIfAbsent(new Gap(from, to), gap -> new BitSet()).or(traffic);
        }
    }

    private boolean isPair(BitSet from, BitSet to) {
        if (from.isEmpty() || to.isEmpty()) {
            return false;
        }
        int source = space.nodeOf(from.nextSetBit(0));
        return source < 0
                || from.stream().anyMatch(element -> space.nodeOf(element) != source)
                || to.stream().anyMatch(element -> space.nodeOf(element) != source);
    }

    /** The rules that let this piece of traffic through: first all between elements, then all of {@code autogroup:self}. */
    private BitSet rulesWith(int unit, TrafficUnits units) {
        BitSet relevant = new BitSet();
        for (int i = 0; i < rules.rules().size() + rules.own().size(); i++) {
            relevant.set(i, units.of(rule(i).traffic()).get(unit));
        }
        return relevant;
    }

    private Rule rule(int number) {
        int plain = rules.rules().size();
        return number < plain ? rules.rules().get(number) : rules.own().get(number - plain);
    }

    private List<Gap> gaps(BitSet from, BitSet to, BitSet relevant) {
        boolean own = relevant.length() > rules.rules().size();
        Map<Signature, BitSet> alike = new HashMap<>();
        from.stream().forEach(element -> {
            BitSet mine = new BitSet();
            relevant.stream().filter(number -> rule(number).from().get(element)).forEach(mine::set);
            alike.computeIfAbsent(new Signature(mine, own ? userOf(element) : EVERYBODY), s -> new BitSet())
                    .set(element);
        });
        Map<BitSet, BitSet> byMissing = new LinkedHashMap<>();
        alike.forEach((signature, sources) -> {
            BitSet missing = (BitSet) to.clone();
            signature.rules().stream().forEach(number -> {
                boolean plain = number < rules.rules().size();
                missing.andNot(plain ? rule(number).to() : ownDevices(signature.user()));
            });
            if (isPair(sources, missing)) {
                byMissing.computeIfAbsent(missing, m -> new BitSet()).or(sources);
            }
        });
        List<Gap> gaps = new ArrayList<>();
        byMissing.forEach((missing, sources) -> gaps.add(new Gap(sources, missing)));
        return gaps;
    }

    private List<Edge> edges(Map<Gap, BitSet> found, TrafficUnits units) {
        List<Edge> edges = new ArrayList<>();
        found.forEach((gap, traffic) ->
                edges.add(new Edge(names.sources(gap.from()), names.destinations(gap.to()), units.sum(traffic))));
        return edges.stream()
                .distinct()
                .sorted(Comparator.comparing(Edge::toString))
                .toList();
    }

    private Map<Integer, BitSet> byUser(BitSet elements) {
        Map<Integer, BitSet> byUser = new TreeMap<>();
        elements.stream()
                .filter(element -> userOf(element) >= 0)
                .forEach(element -> byUser.computeIfAbsent(userOf(element), user -> new BitSet())
                        .set(element));
        return byUser;
    }

    private int userOf(int element) {
        int node = space.nodeOf(element);
        return node < 0 ? EVERYBODY : space.index().userOf(node);
    }

    private BitSet ownDevices(int user) {
        return user < 0 ? new BitSet() : space.ofNodes(space.index().nodesOf(user));
    }

    private BitSet firstOfEachMachine(BitSet elements) {
        TreeSet<Integer> seen = new TreeSet<>();
        BitSet firsts = new BitSet();
        elements.stream()
                .filter(element -> space.nodeOf(element) < 0 || seen.add(space.nodeOf(element)))
                .forEach(firsts::set);
        return firsts;
    }

    /** With the other addresses of each machine that are meant: names are names of machines. */
    private BitSet wholeMachines(BitSet firsts, BitSet meant) {
        BitSet whole = (BitSet) firsts.clone();
        firsts.stream().map(space::nodeOf).filter(node -> node >= 0).forEach(node -> whole.or(space.elementsOf(node)));
        whole.and(meant);
        return whole;
    }

    private static BitSet and(BitSet a, BitSet b) {
        BitSet both = (BitSet) a.clone();
        both.and(b);
        return both;
    }
}
