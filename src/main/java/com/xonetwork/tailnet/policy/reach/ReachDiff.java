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
import java.util.stream.Stream;

/**
 * Compares what two policies let through in one tailnet, over all rules together: a rule that goes while another allows the
 * same is no loss. Goes piece of traffic by piece of traffic: a port is in few rules, so that a few blocks of sources and
 * destinations are to be compared, and what changes comes out in as few blocks. Within a piece, destinations that the same
 * blocks lead to are looked at together: following the blocks instead, of which a node can be in many, took ten times as long
 * where 200 rules open all ports.
 */
final class ReachDiff {

    private final ReachSpace space;
    private final Partition sources;
    private final Partition destinations;
    private final TrafficUnits units;
    private final Map<Block, Integer> numbers = new HashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    /** The pieces of traffic of each change. */
    private final Map<Change, BitSet> changes = new LinkedHashMap<>();

    /** All of these sources reach all of these destinations; both in classes. */
    private record Block(BitSet sources, BitSet destinations) {}

    private record Change(boolean gained, BitSet sources, BitSet destinations) {}

    /** Blocks by number. */
    private record Both(BitSet before, BitSet after) {}

    private record Part(BitSet destinations, BitSet blocks) {}

    /** @param to empty: the devices of the same user */
    record ElementChange(boolean gained, BitSet from, Optional<BitSet> to, Traffic traffic) {}

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
        units = new TrafficUnits(policies.stream()
                .flatMap(policy -> Stream.concat(policy.rules().stream(), policy.own().stream()))
                .map(Rule::traffic)
                .toList());
    }

    /**
     * @param counted whether the tailnet is the real one, so that its machines count
     * @throws IllegalArgumentException if the policies were compiled for different tailnets
     */
    static List<ReachChange> between(CompiledPolicy before, CompiledPolicy after, boolean counted) {
        if (before.index() != after.index()) {
            throw new IllegalArgumentException("the policies are of different tailnets");
        }
        ReachSpace space = new ReachSpace(before.index(), List.of(before, after));
        return named(between(before, after, space), before, after, space, counted);
    }

    /**
     * As {@link #between(CompiledPolicy, CompiledPolicy, boolean)}, and counts; costs about twice as much.
     *
     * @throws IllegalArgumentException if the policies were compiled for different tailnets
     */
    static ReachComparison compare(CompiledPolicy before, CompiledPolicy after) {
        if (before.index() != after.index()) {
            throw new IllegalArgumentException("the policies are of different tailnets");
        }
        ReachSpace space = new ReachSpace(before.index(), List.of(before, after));
        ReachRules old = ReachRules.of(before, space);
        ReachRules now = ReachRules.of(after, space);
        ReachDiff diff = new ReachDiff(space, List.of(old, now));
        List<ElementChange> changes = diff.changes(old, now);
        return new ReachComparison(named(changes, before, after, space, true), diff.edges(old), diff.lost(changes));
    }

    private static List<ReachChange> named(
            List<ElementChange> changes,
            CompiledPolicy before,
            CompiledPolicy after,
            ReachSpace space,
            boolean counted) {
        EndpointNames names = new EndpointNames(space, List.of(before, after), counted);
        return changes.stream()
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

    private List<ElementChange> changes(ReachRules old, ReachRules now) {
        BitSet[] before = blocksByUnit(old.rules());
        BitSet[] after = blocksByUnit(now.rules());
        Map<Both, BitSet> alike = new LinkedHashMap<>();
        for (int unit = 0; unit < before.length; unit++) {
            if (!before[unit].equals(after[unit])) {
                alike.computeIfAbsent(new Both(before[unit], after[unit]), both -> new BitSet())
                        .set(unit);
            }
        }
        alike.forEach(this::compare);
        List<ElementChange> result = new ArrayList<>();
        changes.forEach((change, traffic) -> result.add(new ElementChange(
                change.gained(),
                sources.elements(change.sources()),
                Optional.of(destinations.elements(change.destinations())),
                units.sum(traffic))));
        own(old, now, before, after)
                .forEach((change, traffic) -> result.add(new ElementChange(
                        change.gained(), sources.elements(change.sources()), Optional.empty(), units.sum(traffic))));
        return result;
    }

    private BitSet[] blocksByUnit(List<Rule> rules) {
        BitSet[] byUnit = new BitSet[units.count()];
        Arrays.setAll(byUnit, unit -> new BitSet());
        for (Rule rule : rules) {
            int block = number(new Block(sources.classesOf(rule.from()), destinations.classesOf(rule.to())));
            units.of(rule.traffic()).stream().forEach(unit -> byUnit[unit].set(block));
        }
        return byUnit;
    }

    private int number(Block block) {
        return numbers.computeIfAbsent(block, b -> {
            blocks.add(b);
            return blocks.size() - 1;
        });
    }

    /** For pieces of traffic that are in the same blocks: which sources gain and lose them where. */
    private void compare(Both both, BitSet traffic) {
        BitSet differing = (BitSet) both.before().clone();
        differing.xor(both.after());
        BitSet concerned = new BitSet(destinations.count());
        differing.stream().forEach(block -> concerned.or(blocks.get(block).destinations()));
        BitSet all = (BitSet) both.before().clone();
        all.or(both.after());
        Map<Change, BitSet> bySources = new LinkedHashMap<>();
        for (Part part : parts(concerned, all)) {
            BitSet before = sourcesOf(part.blocks(), both.before());
            BitSet after = sourcesOf(part.blocks(), both.after());
            add(bySources, true, minus(after, before), part.destinations());
            add(bySources, false, minus(before, after), part.destinations());
        }
        bySources.forEach((change, to) -> changes.computeIfAbsent(
                        new Change(change.gained(), change.sources(), to), c -> new BitSet())
                .or(traffic));
    }

    /** Destinations in parts that the same blocks lead to. */
    private List<Part> parts(BitSet concerned, BitSet all) {
        List<Part> parts = List.of(new Part(concerned, new BitSet()));
        for (int block = all.nextSetBit(0); block >= 0; block = all.nextSetBit(block + 1)) {
            BitSet to = blocks.get(block).destinations();
            List<Part> finer = new ArrayList<>(parts.size() + 1);
            for (Part part : parts) {
                if (!to.intersects(part.destinations())) {
                    finer.add(part);
                    continue;
                }
                BitSet inside = (BitSet) part.destinations().clone();
                inside.and(to);
                BitSet blocksInside = (BitSet) part.blocks().clone();
                blocksInside.set(block);
                finer.add(new Part(inside, blocksInside));
                BitSet outside = minus(part.destinations(), to);
                if (!outside.isEmpty()) {
                    finer.add(new Part(outside, part.blocks()));
                }
            }
            parts = finer;
        }
        return parts;
    }

    private BitSet sourcesOf(BitSet some, BitSet allowed) {
        BitSet from = new BitSet(sources.count());
        some.stream()
                .filter(allowed::get)
                .forEach(block -> from.or(blocks.get(block).sources()));
        return from;
    }

    private static BitSet minus(BitSet a, BitSet b) {
        BitSet rest = (BitSet) a.clone();
        rest.andNot(b);
        return rest;
    }

    private static void add(Map<Change, BitSet> changes, boolean gained, BitSet from, BitSet what) {
        if (!from.isEmpty()) {
            changes.computeIfAbsent(new Change(gained, from, new BitSet()), change -> new BitSet())
                    .or(what);
        }
    }

    /**
     * What changes between the devices of one user by {@code autogroup:self} alone, with its pieces of traffic. What other
     * rules allow there, before or after, is said with their destinations.
     */
    private Map<Change, BitSet> own(ReachRules old, ReachRules now, BitSet[] before, BitSet[] after) {
        BitSet[] ownBefore = ownSourcesByUnit(old.own());
        BitSet[] ownAfter = ownSourcesByUnit(now.own());
        Map<Integer, BitSet> devices = new HashMap<>();
        Map<Change, BitSet> result = new LinkedHashMap<>();
        for (int unit = 0; unit < ownBefore.length; unit++) {
            BitSet traffic = new BitSet();
            traffic.set(unit);
            for (boolean gained : new boolean[] {true, false}) {
                BitSet from = gained ? minus(ownAfter[unit], ownBefore[unit]) : minus(ownBefore[unit], ownAfter[unit]);
                BitSet anyway = new BitSet();
                int number = unit;
                from.stream()
                        .filter(source -> reachesAll(source, before[number], devices)
                                || reachesAll(source, after[number], devices))
                        .forEach(anyway::set);
                add(result, gained, minus(from, anyway), traffic);
            }
        }
        return result;
    }

    private BitSet[] ownSourcesByUnit(List<Rule> rules) {
        BitSet[] byUnit = new BitSet[units.count()];
        Arrays.setAll(byUnit, unit -> new BitSet());
        for (Rule rule : rules) {
            BitSet from = sources.classesOf(rule.from());
            units.of(rule.traffic()).stream().forEach(unit -> byUnit[unit].or(from));
        }
        return byUnit;
    }

    /** Whether these blocks lead from the source to every device of its user. */
    private boolean reachesAll(int source, BitSet some, Map<Integer, BitSet> devices) {
        BitSet missing =
                (BitSet) devices.computeIfAbsent(source, this::devicesOf).clone();
        some.stream()
                .mapToObj(blocks::get)
                .filter(block -> block.sources().get(source))
                .forEach(block -> missing.andNot(block.destinations()));
        return missing.isEmpty();
    }

    /** The classes of all devices of the users of a class of sources. */
    private BitSet devicesOf(int source) {
        BitSet one = new BitSet();
        one.set(source);
        BitSet reached = new BitSet();
        sources.elements(one).stream()
                .filter(element -> space.nodeOf(element) >= 0)
                .map(element -> space.index().userOf(space.nodeOf(element)))
                .filter(user -> user >= 0)
                .forEach(user -> reached.or(space.ofNodes(space.index().nodesOf(user))));
        return destinations.classesOf(reached);
    }

    /** How many edges some rules let through: sources times destinations times pieces of traffic. */
    private long edges(ReachRules rules) {
        Map<BitSet, Integer> alike = new HashMap<>();
        for (BitSet some : countedOnly(blocksByUnit(rules.rules()))) {
            alike.merge(some, 1, Integer::sum);
        }
        long edges = 0;
        for (Map.Entry<BitSet, Integer> entry : alike.entrySet()) {
            BitSet some = entry.getKey();
            BitSet reached = new BitSet(destinations.count());
            some.stream().forEach(block -> reached.or(blocks.get(block).destinations()));
            for (Part part : parts(reached, some)) {
                edges += entry.getValue()
                        * sources.size(sourcesOf(part.blocks(), some))
                        * destinations.size(part.destinations());
            }
        }
        Map<BitSet, Integer> own = new HashMap<>();
        for (BitSet from : countedOnly(ownSourcesByUnit(rules.own()))) {
            own.merge(from, 1, Integer::sum);
        }
        for (Map.Entry<BitSet, Integer> entry : own.entrySet()) {
            edges += entry.getValue() * toOwnDevices(sources.elements(entry.getKey()));
        }
        return edges;
    }

    private List<BitSet> countedOnly(BitSet[] byUnit) {
        List<BitSet> counted = new ArrayList<>();
        for (int unit = 0; unit < byUnit.length; unit++) {
            if (!byUnit[unit].isEmpty() && units.isCounted(unit)) {
                counted.add(byUnit[unit]);
            }
        }
        return counted;
    }

    private long lost(List<ElementChange> changes) {
        long lost = 0;
        for (ElementChange change : changes) {
            if (!change.gained()) {
                long pairs = change.to()
                        .map(to -> (long) change.from().cardinality() * to.cardinality())
                        .orElseGet(() -> toOwnDevices(change.from()));
                lost += pairs
                        * units.of(change.traffic()).stream()
                                .filter(units::isCounted)
                                .count();
            }
        }
        return lost;
    }

    /** From each of these to all addresses of the devices of its user. */
    private long toOwnDevices(BitSet from) {
        Map<Integer, Long> devices = new HashMap<>();
        return from.stream()
                .map(space::nodeOf)
                .filter(node -> node >= 0)
                .map(node -> space.index().userOf(node))
                .filter(user -> user >= 0)
                .mapToLong(user -> devices.computeIfAbsent(user, one ->
                        (long) space.ofNodes(space.index().nodesOf(one)).cardinality()))
                .sum();
    }
}
