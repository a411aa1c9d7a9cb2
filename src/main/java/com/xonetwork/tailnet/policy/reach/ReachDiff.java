package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.reach.ReachRules.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what two policies let through in one tailnet, over all rules together: a rule that goes while another allows the
 * same is no loss.
 */
final class ReachDiff {

    private final ReachSpace space;
    private final Partition sources;
    private final Partition destinations;
    private final TrafficTable traffic = new TrafficTable();
    private final Map<Way, Integer> ways = new HashMap<>();
    private final List<Way> byNumber = new ArrayList<>();
    private final Map<Change, BitSet> changes = new LinkedHashMap<>();

    /** Rules that differ only in their destinations. */
    private record Way(BitSet sources, int traffic) {}

    private record Change(boolean gained, int traffic, BitSet sources) {}

    private record Delta(boolean gained, int traffic) {}

    private record Both(BitSet before, BitSet after) {}

    private ReachDiff(ReachSpace space, List<ReachRules> policies) {
        this.space = space;
        sources = new Partition(space.size());
        destinations = new Partition(space.size());
        for (ReachRules policy : policies) {
            policy.rules().forEach(rule -> {
                sources.refine(rule.from());
                destinations.refine(rule.to());
            });
            policy.own().forEach(rule -> sources.refine(rule.from()));
        }
    }

    /**
     * @param counted whether the tailnet is the real one, so that its machines count
     * @throws IllegalArgumentException if the policies were compiled for different tailnets
     */
    static List<ReachChange> between(CompiledPolicy before, CompiledPolicy after, boolean counted) {
        if (before.index() != after.index()) {
            throw new IllegalArgumentException("the policies are of different tailnets");
        }
        List<CompiledPolicy> policies = List.of(before, after);
        ReachSpace space = new ReachSpace(before.index(), policies);
        EndpointNames names = new EndpointNames(space, policies, counted);
        return between(before, after, space).stream()
                .map(change -> new ReachChange(
                        change.gained(),
                        names.sources(change.from()),
                        change.to().isPresent() ? names.destinations(change.to().get()) : Endpoints.OWN_DEVICES,
                        change.traffic()))
                .sorted()
                .toList();
    }

    static List<ElementChange> between(CompiledPolicy before, CompiledPolicy after, ReachSpace space) {
        ReachRules old = ReachRules.of(before, space);
        ReachRules now = ReachRules.of(after, space);
        return new ReachDiff(space, List.of(old, now)).changes(old, now);
    }

    /** @param to empty: the devices of the same user */
    record ElementChange(boolean gained, BitSet from, Optional<BitSet> to, Traffic traffic) {}

    private List<ElementChange> changes(ReachRules old, ReachRules now) {
        BitSet[] before = waysByDestination(old.rules());
        BitSet[] after = waysByDestination(now.rules());
        Map<Both, BitSet> alike = new LinkedHashMap<>();
        for (int destination = 0; destination < before.length; destination++) {
            if (!before[destination].equals(after[destination])) {
                alike.computeIfAbsent(new Both(before[destination], after[destination]), both -> new BitSet())
                        .set(destination);
            }
        }
        SourceGroups groups = new SourceGroups(sources.count(), traffic);
        alike.forEach((both, to) -> compare(both, to, groups));
        List<ElementChange> result = new ArrayList<>();
        merged().forEach((change, to) -> result.add(new ElementChange(
                change.gained(),
                sources.elements(change.sources()),
                Optional.of(destinations.elements(to)),
                traffic.get(change.traffic()))));
        own(old, now, before, after)
                .forEach((delta, from) -> result.add(new ElementChange(
                        delta.gained(), sources.elements(from), Optional.empty(), traffic.get(delta.traffic()))));
        return result;
    }

    private BitSet[] waysByDestination(List<Rule> rules) {
        BitSet[] ways = new BitSet[destinations.count()];
        Arrays.setAll(ways, destination -> new BitSet());
        for (Rule rule : rules) {
            int way = number(new Way(sources.classesOf(rule.from()), traffic.number(rule.traffic())));
            destinations.classesOf(rule.to()).stream().forEach(destination -> ways[destination].set(way));
        }
        return ways;
    }

    private int number(Way way) {
        return ways.computeIfAbsent(way, w -> {
            byNumber.add(w);
            return byNumber.size() - 1;
        });
    }

    /** For destinations that the same ways lead to: which sources gain and lose what. */
    private void compare(Both both, BitSet to, SourceGroups groups) {
        BitSet differing = (BitSet) both.before().clone();
        differing.xor(both.after());
        BitSet concerned = new BitSet(sources.count());
        differing.stream().forEach(way -> concerned.or(byNumber.get(way).sources()));
        groups.begin(concerned);
        BitSet all = (BitSet) both.before().clone();
        all.or(both.after());
        for (int way = all.nextSetBit(0); way >= 0; way = all.nextSetBit(way + 1)) {
            BitSet from = (BitSet) byNumber.get(way).sources().clone();
            from.and(concerned);
            groups.add(
                    from,
                    byNumber.get(way).traffic(),
                    both.before().get(way),
                    both.after().get(way));
        }
        groups.end();
        Map<Delta, BitSet> deltas = new LinkedHashMap<>();
        for (int source = concerned.nextSetBit(0); source >= 0; source = concerned.nextSetBit(source + 1)) {
            addDelta(deltas, true, groups.gained(source), source);
            addDelta(deltas, false, groups.lost(source), source);
        }
        deltas.forEach((delta, from) -> changes.computeIfAbsent(
                        new Change(delta.gained(), delta.traffic(), from), change -> new BitSet())
                .or(to));
    }

    private static void addDelta(Map<Delta, BitSet> deltas, boolean gained, int traffic, int source) {
        if (traffic != TrafficTable.NONE) {
            deltas.computeIfAbsent(new Delta(gained, traffic), delta -> new BitSet())
                    .set(source);
        }
    }

    /** What the same destinations gain from several sources is one change. */
    private Map<Change, BitSet> merged() {
        Map<Change, BitSet> byDestinations = new LinkedHashMap<>();
        changes.forEach((change, to) -> byDestinations
                .computeIfAbsent(new Change(change.gained(), change.traffic(), to), c -> new BitSet())
                .or(change.sources()));
        Map<Change, BitSet> result = new LinkedHashMap<>();
        byDestinations.forEach((change, from) -> result.computeIfAbsent(
                        new Change(change.gained(), change.traffic(), from), c -> new BitSet())
                .or(change.sources()));
        return result;
    }

    /**
     * What changes between the devices of one user by {@code autogroup:self} alone. What other rules allow there, before or
     * after, is said with their destinations.
     */
    private Map<Delta, BitSet> own(ReachRules old, ReachRules now, BitSet[] before, BitSet[] after) {
        Traffic[] ownBefore = ownTraffic(old.own());
        Traffic[] ownAfter = ownTraffic(now.own());
        Map<Delta, BitSet> deltas = new LinkedHashMap<>();
        for (int source = 0; source < ownBefore.length; source++) {
            if (!ownBefore[source].equals(ownAfter[source])) {
                Traffic others = amongOwn(source, before).union(amongOwn(source, after));
                Traffic gained = ownAfter[source].minus(ownBefore[source]).minus(others);
                Traffic lost = ownBefore[source].minus(ownAfter[source]).minus(others);
                addDelta(deltas, true, traffic.number(gained), source);
                addDelta(deltas, false, traffic.number(lost), source);
            }
        }
        return deltas;
    }

    private Traffic[] ownTraffic(List<Rule> rules) {
        Traffic[] own = new Traffic[sources.count()];
        Arrays.fill(own, Traffic.NONE);
        for (Rule rule : rules) {
            sources.classesOf(rule.from()).stream().forEach(source -> own[source] = own[source].union(rule.traffic()));
        }
        return own;
    }

    /** What every device of this class may send to every device of its user. */
    private Traffic amongOwn(int source, BitSet[] ways) {
        BitSet reached = new BitSet();
        BitSet one = new BitSet();
        one.set(source);
        sources.elements(one).stream()
                .filter(element -> space.nodeOf(element) >= 0)
                .map(element -> space.index().userOf(space.nodeOf(element)))
                .filter(user -> user >= 0)
                .forEach(user -> reached.or(space.ofNodes(space.index().nodesOf(user))));
        Traffic common = null;
        for (int destination : destinations.classesOf(reached).stream().toArray()) {
            Traffic there = ways[destination].stream()
                    .mapToObj(byNumber::get)
                    .filter(way -> way.sources().get(source))
                    .map(way -> traffic.get(way.traffic()))
                    .reduce(Traffic.NONE, Traffic::union);
            common = common == null ? there : common.intersect(there);
        }
        return common == null ? Traffic.NONE : common;
    }
}
