package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import com.xonetwork.tailnet.testbed.RealCluster;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * Thousands of nodes on a real API server, whose devices are in the (simulated) tailnet already and carry what is wanted:
 * what is measured is the operator and not the call budget. Bounds are ratios to a reference of the same run, counts, or the
 * poll's own interval.
 */
@RealCluster
class ScaleBench {

    private static final int AT_ONCE = Integer.getInteger("bench.atOnce", 2_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int POLL_SECONDS = 5;
    private static final double SLOWER_THAN_NO_OP = 1.5;
    private static final double MORE_PROCESSOR_TIME = 1.5;

    @Test
    void manyCreatedAtOnce(ClusterUnderTest cluster) throws Exception {
        var noOp = new ArrayList<Long>();
        var operator = new ArrayList<Long>();
        var noOpCpu = new ArrayList<Long>();
        var operatorCpu = new ArrayList<Long>();
        var writes = 0L;
        try (var tailnet = new BenchTailnet(cluster)) {
            tailnet.addDevices(1, AT_ONCE);
            for (int round = 0; round < ROUNDS; round++) {
                try (var process =
                        ReferenceProcess.start(cluster, NoOpOperator.class).awaitLine(NoOpOperator.STARTED)) {
                    var cpu = ProcessSize.cpuMillis(process.pid());
                    noOp.add(untilAllReady(cluster, tailnet));
                    noOpCpu.add(ProcessSize.cpuMillis(process.pid()) - cpu);
                }
                tailnet.deleteNodes();
                try (var process = OperatorProcess.start(cluster, BenchTailnet.PLAIN_HTTP)) {
                    tailnet.createTailnet(POLL_SECONDS);
                    var audit = AuditedWrites.fromNowOn(cluster);
                    var cpu = ProcessSize.cpuMillis(process.pid());
                    operator.add(untilAllReady(cluster, tailnet));
                    operatorCpu.add(ProcessSize.cpuMillis(process.pid()) - cpu);
                    TimeUnit.SECONDS.sleep(3);
                    var counted = audit.counted();
                    System.out.println("round " + round + ": no-op " + noOp.getLast() + " ms, operator "
                            + operator.getLast() + " ms; writes " + counted + "; RSS "
                            + ProcessSize.rss(process.pid()) / 1024 + " MiB");
                    writes = Math.max(writes, AuditedWrites.sum(counted) - counted.get("create tailnetnodes"));
                    tailnet.deleteNodes();
                    tailnet.deleteTailnet();
                }
            }
        }
        var ratio = (double) new Figures(operator).median() / new Figures(noOp).median();
        var cpu = new Figures(operatorCpu).median();
        var cpuOfNoOp = new Figures(noOpCpu).median();
        var each = (double) writes / AT_ONCE;
        var sheet = new Sheet(ScaleBench.class);
        sheet.add(Row.of(
                        Section.CONVERGENCE,
                        "%,d nodes created at once, all Ready, median of %d".formatted(AT_ONCE, ROUNDS),
                        "s",
                        new Figures(operator).median() / 1000.0)
                .beside(new Figures(noOp).median() / 1000.0)
                .goalRatio(1.3));
        sheet.add(Row.of(
                        Section.CONVERGENCE,
                        "processor time of the operator itself for that, median of " + ROUNDS,
                        "s",
                        cpu / 1000.0)
                .beside(cpuOfNoOp / 1000.0));
        sheet.add(Row.of(Section.CONVERGENCE, "Kubernetes writes for each of them", "1", each)
                .beside(1));
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(each).as("Kubernetes writes for each node").isLessThanOrEqualTo(2);
            softly.assertThat((double) cpu / cpuOfNoOp)
                    .as("processor time by that of a no-op reconciler")
                    .isLessThanOrEqualTo(MORE_PROCESSOR_TIME);
            softly.assertThat(ratio).as("time by that of a no-op reconciler").isLessThanOrEqualTo(SLOWER_THAN_NO_OP);
        });
    }

    private static long untilAllReady(ClusterUnderTest cluster, BenchTailnet tailnet) throws Exception {
        try (var watch = new NodeWatch(cluster)) {
            var begun = System.nanoTime();
            tailnet.createNodes(1, AT_ONCE);
            watch.awaitReady(AT_ONCE);
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        }
    }
}
