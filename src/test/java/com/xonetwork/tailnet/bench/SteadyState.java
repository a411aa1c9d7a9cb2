package com.xonetwork.tailnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.simulator.TailnetSimulator;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * What a tailnet costs that is as wanted; fails when that is a Kubernetes write, or another call than one for each poll.
 *
 * @param polls that were seen
 * @param calls to the control plane
 * @param cpuMillis processor time of the operator
 */
record SteadyState(long polls, long calls, long cpuMillis) {

    /** What comes of the last change first. */
    private static final int SETTLING = 3;

    static SteadyState over(int polls, ClusterUnderTest cluster, TailnetSimulator simulator, OperatorProcess operator)
            throws IOException {
        awaitPolls(simulator, SETTLING);
        var audit = AuditedWrites.fromNowOn(cluster);
        var mark = simulator.ledger().mark();
        var cpu = ProcessSize.cpuMillis(operator.pid());
        awaitPolls(simulator, polls);
        var seen = new SteadyState(
                simulator.ledger().countSince(mark, "listTailnetDevices"),
                simulator.ledger().since(mark).size(),
                ProcessSize.cpuMillis(operator.pid()) - cpu);
        assertThat(seen.calls()).as("one call for each poll and no other").isEqualTo(seen.polls());
        assertThat(audit.counted()).as("Kubernetes writes in the steady state").isEmpty();
        return seen;
    }

    private static void awaitPolls(TailnetSimulator simulator, int polls) {
        var mark = simulator.ledger().mark();
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .until(() -> simulator.ledger().countSince(mark, "listTailnetDevices") >= polls);
    }
}
