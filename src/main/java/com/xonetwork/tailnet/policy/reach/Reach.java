package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.compile.TopologyIndex;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.Topology;
import java.util.List;

/**
 * Who may reach whom by a policy in a tailnet. Machines that no rule tells apart are together; nothing is said twice.
 *
 * @param edges in a fixed order
 */
public record Reach(List<Edge> edges) {

    public Reach {
        edges = List.copyOf(edges);
    }

    public record Edge(Endpoints from, Endpoints to, Traffic traffic) {

        /** {@code tag:web reaches tcp 5432 on tag:db (3 → 2 machines)}. */
        @Override
        public String toString() {
            return from + " reaches " + traffic + " on " + to + ReachChange.counts(from, to);
        }
    }

    public static Reach of(Policy policy, Topology topology) {
        TopologyIndex index = new TopologyIndex(topology);
        CompiledPolicy nothing = new CompiledPolicy(Policy.parse("{\"grants\": []}"), index);
        return new Reach(ReachDiff.between(nothing, new CompiledPolicy(policy, index), true).stream()
                .map(change -> new Edge(change.from(), change.to(), change.traffic()))
                .toList());
    }

    /** What a change of policy gives and takes, in a fixed order; empty if nobody's reach changes. */
    public static List<ReachChange> diff(Policy before, Policy after, Topology topology) {
        return diff(before, after, topology, true);
    }

    /**
     * As {@link #diff(Policy, Policy, Topology)} without knowing the tailnet: one machine stands for every tag, user and
     * address that the policies name, and none are counted. Machines with several tags are not foreseen.
     */
    public static List<ReachChange> diff(Policy before, Policy after) {
        return diff(before, after, ImaginedTopology.of(List.of(before, after)), false);
    }

    /** As {@link #diff(Policy, Policy, Topology)}, with how much of what passed before is lost. */
    public static ReachComparison compare(Policy before, Policy after, Topology topology) {
        TopologyIndex index = new TopologyIndex(topology);
        return ReachDiff.compare(new CompiledPolicy(before, index), new CompiledPolicy(after, index));
    }

    private static List<ReachChange> diff(Policy before, Policy after, Topology topology, boolean counted) {
        TopologyIndex index = new TopologyIndex(topology);
        return ReachDiff.between(new CompiledPolicy(before, index), new CompiledPolicy(after, index), counted);
    }
}
