package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.Optional;

/**
 * One side of a connection that a test tries. Whoever has no machine yet is tried by who they are: a test must not fail for
 * the lack of a laptop.
 */
sealed interface Party {

    /** The machine, by its number; -1 if there is none. */
    int node();

    record Machine(int node) implements Party {}

    /** @param node the one that has the address, -1 if none in the tailnet has */
    record Place(IpAddress address, int node) implements Party {}

    /** @param login empty for a member, whoever it is */
    record Person(String login, Optional<TopologyUser> user) implements Party {

        @Override
        public int node() {
            return -1;
        }
    }

    record Tagged(String tag) implements Party {

        @Override
        public int node() {
            return -1;
        }
    }
}
