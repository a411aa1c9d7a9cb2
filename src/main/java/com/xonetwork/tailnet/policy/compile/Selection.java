package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.net.AddressSet;
import java.util.BitSet;

/**
 * What a selector stands for in one tailnet.
 *
 * @param nodes whom it names by who they are; both their addresses are meant. Not to be changed
 * @param addresses what it names by address, whoever has it
 */
public record Selection(Kind kind, BitSet nodes, AddressSet addresses) {

    /** How it is written in a filter, and whom it concerns. */
    public enum Kind {
        /** Nodes. Nothing at all is no nodes. */
        NODES,
        /** Addresses as the policy writes them, also of subnets behind routers. */
        ADDRESSES,
        /** {@code *}: as a source the tailnet and its subnets, as a destination whatever the node answers for. */
        WILDCARD,
        /** {@code autogroup:danger-all}: every address there is. */
        DANGER_ALL,
        /** {@code autogroup:internet}: what exit nodes lead to. */
        INTERNET,
        /** {@code autogroup:self}: depends on the source. */
        SELF
    }

    static final Selection NOTHING = nodes(new BitSet());

    static Selection nodes(BitSet nodes) {
        return new Selection(Kind.NODES, nodes, AddressSet.EMPTY);
    }

    static Selection addresses(AddressSet addresses) {
        return new Selection(Kind.ADDRESSES, new BitSet(), addresses);
    }

    static Selection special(Kind kind) {
        return new Selection(kind, new BitSet(), AddressSet.EMPTY);
    }
}
