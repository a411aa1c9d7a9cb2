package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.Topology;
import java.util.BitSet;
import java.util.List;

/**
 * A policy brought together with a tailnet. The work that all nodes have in common is done in the constructor; nodes are
 * asked for one by one, by their number in {@link Topology#nodes()}. Meant for policies that validation accepts; what it
 * would refuse has no effect here.
 */
public final class CompiledPolicy {

    private final TopologyIndex index;
    private final Selectors selectors;
    private final Postures postures;
    private final List<Allowance> allowances;
    private final PacketFilters filters;
    private final SshPolicies ssh;

    public CompiledPolicy(Policy policy, Topology topology) {
        this(policy, new TopologyIndex(topology));
    }

    /** For several policies on one tailnet. */
    public CompiledPolicy(Policy policy, TopologyIndex index) {
        this.index = index;
        selectors = new Selectors(policy, index);
        postures = new Postures(policy, index);
        allowances = Allowances.of(policy);
        filters = new PacketFilters(allowances, index, selectors, new Sources(index, selectors, postures));
        ssh = new SshPolicies(policy, index, selectors, postures);
    }

    public TopologyIndex index() {
        return index;
    }

    public Selectors selectors() {
        return selectors;
    }

    public List<Allowance> allowances() {
        return allowances;
    }

    /** The nodes that have one of these postures; all nodes if none is asked for. Not to be changed. */
    public BitSet withPosture(List<String> names) {
        return postures.anyOf(names);
    }

    /** The nodes that have one of these tags. */
    public BitSet withTag(List<String> tags) {
        BitSet nodes = new BitSet();
        tags.forEach(tag -> nodes.or(index.withTag(tag)));
        return nodes;
    }

    /** Empty: nothing gets in. */
    public List<FilterRule> packetFilter(int node) {
        return filters.of(node);
    }

    /** Empty: nobody logs in. */
    public List<NodeSshRule> sshRules(int node) {
        return ssh.of(node);
    }
}
