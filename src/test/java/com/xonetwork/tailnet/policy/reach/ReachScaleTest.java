package com.xonetwork.tailnet.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.compile.TopologyIndex;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.Topology;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * That size does no harm: 5,000 nodes and 200 rules. The bounds are wide, since other tests run beside this one; a square of
 * the nodes would miss them by far.
 */
class ReachScaleTest {

    @Test
    void compares_large_policies_in_seconds() {
        LargeTailnet tailnet = new LargeTailnet(5_000, 200);
        Topology topology = tailnet.topology();
        Policy before = Policy.parse(tailnet.policy(0));
        Policy after = Policy.parse(tailnet.policy(10));

        Run diff = run(() -> Reach.diff(before, after, topology).size());
        Run filters = run(() -> {
            CompiledPolicy compiled = new CompiledPolicy(after, new TopologyIndex(topology));
            int rules = 0;
            for (int node = 0; node < 5_000; node++) {
                rules += compiled.packetFilter(node).size()
                        + compiled.sshRules(node).size();
            }
            return rules;
        });
        Run counted = run(() -> Reach.compare(before, after, topology).changes().size());
        Run same = run(() -> Reach.diff(after, after, topology).size());

        System.out.println(
                "diff " + diff + "; counted " + counted + "; all packet filters " + filters + "; no change " + same);
        assertThat(same.result()).isZero();
        // Ten rules have another port: each gives and takes.
        assertThat(diff.result()).isEqualTo(20);
        assertThat(filters.result()).isGreaterThan(5_000);
        assertThat(counted.result()).isEqualTo(20);
        assertThat(counted.time()).isLessThan(Duration.ofSeconds(20));
        assertThat(diff.time()).isLessThan(Duration.ofSeconds(10));
        assertThat(filters.time()).isLessThan(Duration.ofSeconds(10));
        assertThat(diff.allocated()).isLessThan(256L << 20);
        assertThat(filters.allocated()).isLessThan(256L << 20);
    }

    @Test
    void the_answer_is_always_the_same() {
        LargeTailnet tailnet = new LargeTailnet(300, 60);

        List<ReachChange> once = diff(tailnet);

        assertThat(diff(tailnet)).isEqualTo(once);
        assertThat(once).isSorted().isNotEmpty();
    }

    private static List<ReachChange> diff(LargeTailnet tailnet) {
        return Reach.diff(Policy.parse(tailnet.policy(0)), Policy.parse(tailnet.policy(7)), tailnet.topology());
    }

    private record Run(int result, Duration time, long allocated) {

        @Override
        public String toString() {
            return result + " in " + time.toMillis() + " ms, " + (allocated >> 20) + " MiB allocated";
        }
    }

    private interface Work {
        int run();
    }

    private static Run run(Work work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long begun = threads.getCurrentThreadCpuTime();
        int result = work.run();
        return new Run(
                result,
                Duration.ofNanos(threads.getCurrentThreadCpuTime() - begun),
                threads.getCurrentThreadAllocatedBytes() - allocated);
    }
}
