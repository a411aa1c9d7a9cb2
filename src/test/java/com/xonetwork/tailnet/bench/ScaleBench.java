package com.xonetwork.tailnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import com.xonetwork.tailnet.testbed.RealCluster;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Thousands of nodes on a real API server, whose devices are in the (simulated) tailnet already and carry what is wanted:
 * what is measured is the operator and not the call budget. Bounds are ratios to a reference of the same run, counts, or the
 * poll's own interval.
 */
@RealCluster
class ScaleBench {

    private static final int AT_ONCE = Integer.getInteger("bench.atOnce", 2_000);
    private static final int IDLE = Integer.getInteger("bench.idle", 5_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int SAMPLES = 100;
    private static final int POLL_SECONDS = 5;
    private static final int POLLS = 5;

    /** The first node that the samples are taken from: far from the ends of all lists. */
    private static final int FIRST_SAMPLED = 100;

    private static final double SLOWER_THAN_NO_OP = 1.5;

    @Test
    void manyCreatedAtOnce(ClusterUnderTest cluster) throws Exception {
        var noOp = new ArrayList<Long>();
        var operator = new ArrayList<Long>();
        var writes = 0L;
        try (var tailnet = new BenchTailnet(cluster)) {
            tailnet.addDevices(1, AT_ONCE);
            for (int round = 0; round < ROUNDS; round++) {
                try (var _ = ReferenceProcess.start(cluster, NoOpOperator.class).awaitLine(NoOpOperator.STARTED)) {
                    noOp.add(untilAllReady(cluster, tailnet));
                }
                tailnet.deleteNodes();
                try (var process = OperatorProcess.start(cluster, BenchTailnet.PLAIN_HTTP)) {
                    tailnet.createTailnet(POLL_SECONDS);
                    var audit = AuditedWrites.fromNowOn(cluster);
                    operator.add(untilAllReady(cluster, tailnet));
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
        var each = (double) writes / AT_ONCE;
        System.out.printf(
                """
                        | %d nodes created at once, median of %d | all Ready in | ratio |
                        | no-op reconciler, one status write each | %.2f s | 1 |
                        | operator | %.2f s | %.2f (bound %.1f) |
                        Kubernetes writes of the operator: %.3f for each node (bound 2)%n""",
                AT_ONCE,
                ROUNDS,
                new Figures(noOp).median() / 1000.0,
                new Figures(operator).median() / 1000.0,
                ratio,
                SLOWER_THAN_NO_OP,
                each);
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(each).as("Kubernetes writes for each node").isLessThanOrEqualTo(2);
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

    @Test
    void manyConverged(ClusterUnderTest cluster) throws Exception {
        try (var tailnet = new BenchTailnet(cluster);
                var operator = OperatorProcess.start(cluster, BenchTailnet.PLAIN_HTTP);
                var watch = new NodeWatch(cluster)) {
            tailnet.createTailnet(POLL_SECONDS);
            var sizes = new ArrayList<ProcessSize>(List.of(ProcessSize.of(operator.pid())));
            tailnet.addDevices(1, AT_ONCE);
            tailnet.createNodes(1, AT_ONCE);
            watch.awaitReady(AT_ONCE);
            sizes.add(ProcessSize.of(operator.pid()));
            tailnet.addDevices(AT_ONCE + 1, IDLE);
            tailnet.createNodes(AT_ONCE + 1, IDLE);
            watch.awaitReady(IDLE);
            steadyState(cluster, tailnet);
            sizes.add(ProcessSize.of(operator.pid()));
            print(sizes);
            pollToCondition(tailnet, watch);
            specToReady(cluster, watch);
        }
    }

    private static void steadyState(ClusterUnderTest cluster, BenchTailnet tailnet) throws Exception {
        awaitPolls(tailnet, 2);
        var audit = AuditedWrites.fromNowOn(cluster);
        var ledger = tailnet.simulator().ledger();
        var mark = ledger.mark();
        awaitPolls(tailnet, POLLS);
        var calls = ledger.since(mark).size();
        var lists = ledger.countSince(mark, "listTailnetDevices");
        var writes = audit.counted();
        System.out.printf(
                "steady state, %d nodes: %d polls, %d control-plane calls, Kubernetes writes %s%n",
                IDLE, lists, calls, writes);
        assertThat((long) calls).as("one call for each poll and no other").isEqualTo(lists);
        assertThat(writes).as("Kubernetes writes in the steady state").isEmpty();
    }

    private static void awaitPolls(BenchTailnet tailnet, int polls) {
        var ledger = tailnet.simulator().ledger();
        var mark = ledger.mark();
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .until(() -> ledger.countSince(mark, "listTailnetDevices") >= polls);
    }

    private static void print(List<ProcessSize> sizes) {
        var counts = List.of(0, AT_ONCE, IDLE);
        System.out.println(
                "| nodes, each with its device | RSS | heap in use | bytes of heap for each | managedFields |");
        for (int i = 0; i < sizes.size(); i++) {
            var size = sizes.get(i);
            var each = i == 0
                    ? "-"
                    : String.valueOf((size.liveBytes() - sizes.getFirst().liveBytes()) / counts.get(i));
            System.out.printf(
                    "| %d | %d MiB | %.1f MiB | %s | %d |%n",
                    counts.get(i), size.rssKib() / 1024, size.liveBytes() / 1048576.0, each, size.managedFields());
        }
    }

    /** Each device at another moment of the poll. */
    private static void pollToCondition(BenchTailnet tailnet, NodeWatch watch) throws InterruptedException {
        var flipped = new ArrayList<Long>();
        var seen = new ArrayList<CompletableFuture<Long>>();
        for (int i = FIRST_SAMPLED; i < FIRST_SAMPLED + SAMPLES; i++) {
            seen.add(watch.when(BenchTailnet.node(i), node -> NodeWatch.is(node, "Online", Condition.FALSE)));
            var id = tailnet.deviceId(i);
            flipped.add(System.nanoTime());
            tailnet.simulator().offline(id);
            TimeUnit.MILLISECONDS.sleep(130);
        }
        var times = new ArrayList<Long>();
        for (int i = 0; i < SAMPLES; i++) {
            times.add(TimeUnit.NANOSECONDS.toMillis(NodeWatch.value(seen.get(i)) - flipped.get(i)));
        }
        var figures = new Figures(times);
        System.out.printf(
                "device offline to Online=False, %d nodes, poll %d s: %s; bound p99 <= poll + 1 s%n",
                IDLE, POLL_SECONDS, figures);
        assertThat(figures.percentile(99))
                .as("from the device to the condition, ms")
                .isLessThanOrEqualTo((POLL_SECONDS + 1) * 1000L);
    }

    /** One after the other; each change asks for one write to the device. */
    private static void specToReady(ClusterUnderTest cluster, NodeWatch watch) throws InterruptedException {
        var times = new ArrayList<Long>();
        for (int i = FIRST_SAMPLED + SAMPLES; i < FIRST_SAMPLED + 2 * SAMPLES; i++) {
            var seen = watch.when(
                    BenchTailnet.node(i), node -> node.getSpec().keyExpiry() != null && NodeWatch.isReady(node));
            var begun = System.nanoTime();
            cluster.client()
                    .resources(TailnetNode.class)
                    .withName(BenchTailnet.node(i))
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"keyExpiry\":\"Disabled\"}}");
            times.add(TimeUnit.NANOSECONDS.toMillis(NodeWatch.value(seen) - begun));
        }
        System.out.printf(
                "spec change (keyExpiry, one call to the tailnet) to Ready, %d others idle: %s%n",
                IDLE - 1, new Figures(times));
    }
}
