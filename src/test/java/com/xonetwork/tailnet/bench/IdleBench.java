package com.xonetwork.tailnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.KeyExpiry;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import com.xonetwork.tailnet.testbed.RealCluster;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Ever more nodes that want nothing, on a real API server: what they cost, and how long somebody waits who changes one of them.
 * The operator and a no-op reconciler take turns on the same objects.
 */
@RealCluster
class IdleBench {

    /** How many nodes there are at each stage. */
    private static final List<Integer> STAGES = Arrays.stream(
                    System.getProperty("bench.stages", "1,10,100,1000,5000,10000")
                            .split(","))
            .map(Integer::valueOf)
            .toList();
    /** Smaller ones are there for the calls that they cause. */
    private static final int LEAST_OF_INTEREST = 1_000;

    /** With more of them the time from a device to its condition is a goal and not a bound. */
    private static final int MOST_BOUND = 5_000;

    private static final double SLOWER_THAN_NO_OP = 1.3;

    private static final int SAMPLES = 200;
    private static final int WARM_UP = 50;
    private static final int FLIPPED = 100;
    private static final int POLL_SECONDS = 5;
    private static final int POLLS = 5;
    private static final int DEFAULT_POLL_SECONDS = 60;

    private static final List<String> ROOMY = List.of("-XX:MaxRAM=1g");

    private final Sheet sheet = new Sheet(IdleBench.class);

    @Test
    void everMoreNodesThatWantNothing(ClusterUnderTest cluster) throws Exception {
        try (var tailnet = new BenchTailnet(cluster)) {
            var operator = start(cluster);
            try {
                tailnet.createTailnet(POLL_SECONDS);
                for (int stage = 0; stage < STAGES.size(); stage++) {
                    var nodes = STAGES.get(stage);
                    var present = stage == 0 ? 0 : STAGES.get(stage - 1);
                    tailnet.addDevices(present + 1, nodes);
                    try (var watch = new NodeWatch(cluster)) {
                        tailnet.createNodes(present + 1, nodes);
                        watch.awaitReady(nodes);
                    }
                    var steady = SteadyState.over(POLLS, cluster, tailnet.simulator(), operator);
                    report(nodes, steady);
                    if (stage == 0 || nodes >= LEAST_OF_INTEREST) {
                        var cpu = (double) steady.cpuMillis() / steady.polls();
                        var size = ProcessSize.of(operator.pid());
                        if (nodes >= 2 * FLIPPED) {
                            pollToCondition(cluster, tailnet, nodes);
                        }
                        var change = changes(cluster, NodeWatch::isReady);
                        operator.stop();
                        var reference = noOp(cluster);
                        var begun = System.nanoTime();
                        operator = start(cluster);
                        report(nodes, new Measured(millisSince(begun), cpu, size, change), reference);
                    }
                }
            } finally {
                operator.close();
            }
        }
    }

    /**
     * What one of the two was like.
     *
     * @param filledMillis from the start of its process until it knows every node
     * @param cpuMillis that it used while nothing happened, for each interval of a poll
     */
    private record Measured(long filledMillis, double cpuMillis, ProcessSize size, Figures change) {}

    private static OperatorProcess start(ClusterUnderTest cluster) {
        return OperatorProcess.start(cluster, BenchTailnet.PLAIN_HTTP);
    }

    private static long millisSince(long begun) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private void report(int nodes, SteadyState steady) {
        var pollsEachHour = 3600.0 / DEFAULT_POLL_SECONDS;
        sheet.add(Row.of(
                        Section.CALLS,
                        "calls an hour, %,d nodes, polled every %d s".formatted(nodes, DEFAULT_POLL_SECONDS),
                        "1",
                        pollsEachHour * steady.calls() / steady.polls())
                .beside(pollsEachHour * nodes));
    }

    /** With more memory where it runs out of what the operator has: its cache keeps {@code managedFields}. */
    private static Measured noOp(ClusterUnderTest cluster) throws Exception {
        var measured = noOp(cluster, List.of());
        return measured.isPresent() ? measured.get() : noOp(cluster, ROOMY).orElseThrow();
    }

    /** @return empty when it ran out of memory */
    private static Optional<Measured> noOp(ClusterUnderTest cluster, List<String> memory) throws Exception {
        var begun = System.nanoTime();
        try (var process = ReferenceProcess.start(cluster, NoOpOperator.class, memory)) {
            if (!process.says(NoOpOperator.STARTED)) {
                return Optional.empty();
            }
            var filled = millisSince(begun);
            // It writes to none, as all have a status of their generation.
            TimeUnit.SECONDS.sleep(POLL_SECONDS);
            var cpu = ProcessSize.cpuMillis(process.pid());
            TimeUnit.SECONDS.sleep((long) POLL_SECONDS * POLLS);
            var idle = (double) (ProcessSize.cpuMillis(process.pid()) - cpu) / POLLS;
            var size = ProcessSize.of(process.pid());
            return Optional.of(new Measured(filled, idle, size, changes(cluster, NodeWatch::isObserved)));
        }
    }

    /** One node's key expiry, back and forth, one change after the other. */
    private static Figures changes(ClusterUnderTest cluster, Predicate<TailnetNode> done) throws Exception {
        var name = BenchTailnet.node(1);
        var node = cluster.client().resources(TailnetNode.class).withName(name);
        var times = new ArrayList<Long>();
        try (var watch = new NodeWatch(cluster)) {
            for (int i = 0; i < WARM_UP + SAMPLES; i++) {
                var wanted =
                        node.get().getSpec().keyExpiry() == KeyExpiry.DISABLED ? KeyExpiry.ENABLED : KeyExpiry.DISABLED;
                var seen = watch.when(name, it -> it.getSpec().keyExpiry() == wanted && done.test(it));
                var begun = System.nanoTime();
                node.patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"keyExpiry\":\"%s\"}}"
                                .formatted(wanted == KeyExpiry.DISABLED ? "Disabled" : "Enabled"));
                var millis = TimeUnit.NANOSECONDS.toMillis(NodeWatch.value(seen) - begun);
                if (i >= WARM_UP) {
                    times.add(millis);
                }
            }
        }
        return new Figures(times);
    }

    /** Each device at another moment of the poll. */
    private void pollToCondition(ClusterUnderTest cluster, BenchTailnet tailnet, int nodes) throws Exception {
        var begun = new ArrayList<Long>();
        var seen = new ArrayList<CompletableFuture<Long>>();
        var times = new ArrayList<Long>();
        try (var watch = new NodeWatch(cluster)) {
            for (int i = FLIPPED; i < 2 * FLIPPED; i++) {
                seen.add(watch.when(
                        BenchTailnet.node(i), node -> NodeWatch.is(node, ConditionType.ONLINE, Condition.FALSE)));
                begun.add(System.nanoTime());
                tailnet.simulator().offline(tailnet.deviceId(i));
                TimeUnit.MILLISECONDS.sleep(130);
            }
            for (int i = 0; i < FLIPPED; i++) {
                times.add(TimeUnit.NANOSECONDS.toMillis(NodeWatch.value(seen.get(i)) - begun.get(i)));
            }
            for (int i = FLIPPED; i < 2 * FLIPPED; i++) {
                tailnet.simulator().online(tailnet.deviceId(i));
            }
            watch.awaitReady(nodes);
        }
        var bound = (POLL_SECONDS + 1) * 1000L;
        var p99 = new Figures(times).percentile(99);
        sheet.add(Row.of(
                        Section.POLL,
                        "device offline to Online=False, p99, %,d nodes, polled every %d s"
                                .formatted(nodes, POLL_SECONDS),
                        "ms",
                        p99)
                .goal(bound));
        if (nodes <= MOST_BOUND) {
            assertThat(p99).as("from the device to the condition, ms").isLessThanOrEqualTo(bound);
        }
    }

    private void report(int nodes, Measured operator, Measured noOp) {
        var with = "%,d nodes".formatted(nodes);
        var others = "%,d others idle: ".formatted(nodes - 1);
        var most = nodes == STAGES.getLast();
        var filled = row(Section.FILLED, with, "s", operator, noOp, it -> it.filledMillis() / 1000.0);
        sheet.add(most ? filled.goalRatio(SLOWER_THAN_NO_OP) : filled);
        sheet.add(row(
                Section.CHANGE,
                others + "p50",
                "ms",
                operator,
                noOp,
                it -> it.change().median()));
        var p99 = row(
                Section.CHANGE,
                others + "p99",
                "ms",
                operator,
                noOp,
                it -> it.change().percentile(99));
        sheet.add(nodes == MOST_BOUND ? p99.goalRatio(SLOWER_THAN_NO_OP) : p99);
        sheet.add(
                row(Section.POLL, with + ": processor time for each poll", "ms", operator, noOp, Measured::cpuMillis));
        var resident = row(
                Section.MEMORY,
                with + ": resident",
                "MiB",
                operator,
                noOp,
                it -> it.size().rssKib() / 1024.0);
        sheet.add(most ? resident.goal(256) : resident);
        sheet.add(row(
                Section.MEMORY,
                with + ": heap in use",
                "MiB",
                operator,
                noOp,
                it -> it.size().liveBytes() / 1048576.0));
        if (nodes >= LEAST_OF_INTEREST) {
            // Some are of objects that are at hand at the moment.
            assertThat(operator.size().managedFields())
                    .as("managedFields in the caches")
                    .isLessThan(nodes / 10);
        }
    }

    private static Row row(
            Section section,
            String what,
            String unit,
            Measured operator,
            Measured noOp,
            ToDoubleFunction<Measured> value) {
        return Row.of(section, what, unit, value.applyAsDouble(operator)).beside(value.applyAsDouble(noOp));
    }
}
