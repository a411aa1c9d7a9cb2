package com.xonetwork.tailnet.policy.reach;

import java.util.List;

/**
 * Two policies in one tailnet. An edge is one source, one destination, one protocol and one range of ports; ranges are cut
 * wherever a rule of either policy begins or ends. Pings are no edges of their own: they come along with TCP and UDP.
 *
 * @param changes in a fixed order
 * @param edges what the policy before lets through
 * @param lost how many of these the policy after does not
 */
public record ReachComparison(List<ReachChange> changes, long edges, long lost) {

    public ReachComparison {
        changes = List.copyOf(changes);
    }

    /** Whether more than that part of the edges is lost. */
    public boolean losesMoreThan(int percent) {
        return lost * 100 > edges * percent;
    }

    /** How much is lost, in percent, rounded up; 0 where there was nothing to lose. */
    public long lostPercent() {
        return edges == 0 ? 0 : Math.ceilDiv(lost * 100, edges);
    }
}
