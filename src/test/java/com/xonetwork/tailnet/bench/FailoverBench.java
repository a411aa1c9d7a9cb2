package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import com.xonetwork.tailnet.testbed.RealCluster;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two replicas, of which the leader ends: how long until the other has reconciled something, beside the framework's own election. */
@RealCluster
class FailoverBench {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final long LEASE_SECONDS = 15;
    private static final long GOAL_SECONDS = 2;
    private static final String LEASE = "bench";

    private final Sheet sheet = new Sheet(FailoverBench.class);
    private int made;

    /** Of either operator. */
    private record Replica(long pid, AutoCloseable process) implements AutoCloseable {
        /** Returns when it has ended. */
        void end(boolean politely) throws Exception {
            var handle = ProcessHandle.of(pid).orElseThrow();
            if (politely) {
                handle.destroy();
            } else {
                handle.destroyForcibly();
            }
            handle.onExit().get(30, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws Exception {
            process.close();
        }
    }

    private interface Launcher {
        Replica launch(int number) throws IOException;
    }

    @Test
    void toTheFirstReconciledResource(ClusterUnderTest cluster) throws Exception {
        try (var tailnet = new BenchTailnet(cluster)) {
            Launcher ours = number -> ours(cluster, number);
            Launcher noOp = _ -> noOp(cluster);
            try (var _ = OperatorProcess.start(cluster, BenchTailnet.PLAIN_HTTP)) {
                tailnet.createTailnet(1);
            }
            for (var politely : new boolean[] {true, false}) {
                var reference = measure(cluster, noOp, politely);
                var operator = measure(cluster, ours, politely);
                sheet.add(Row.of(
                                Section.FAILOVER,
                                "%s, a Lease of %d s, median of %d"
                                        .formatted(politely ? "SIGTERM" : "SIGKILL", LEASE_SECONDS, ROUNDS),
                                "s",
                                operator.median() / 1000.0)
                        .beside(reference.median() / 1000.0)
                        .goal(politely ? GOAL_SECONDS : LEASE_SECONDS + GOAL_SECONDS));
            }
        }
    }

    private Figures measure(ClusterUnderTest cluster, Launcher launcher, boolean politely) throws Exception {
        var times = new ArrayList<Long>();
        for (int round = 0; round < ROUNDS; round++) {
            cluster.client().resources(Lease.class).withName(LEASE).delete();
            try (var leader = launcher.launch(1)) {
                Awaitility.await().until(() -> holder(cluster).isPresent());
                try (var _ = launcher.launch(2);
                        var watch = new NodeWatch(cluster)) {
                    var name = "after-" + ++made;
                    var reconciled = watch.when(name, NodeWatch::isObserved);
                    var begun = System.nanoTime();
                    leader.end(politely);
                    cluster.client().resource(BenchTailnet.node(name)).create();
                    times.add(TimeUnit.NANOSECONDS.toMillis(NodeWatch.value(reconciled) - begun));
                }
            }
        }
        return new Figures(times);
    }

    private static Optional<String> holder(ClusterUnderTest cluster) {
        return Optional.ofNullable(
                        cluster.client().resources(Lease.class).withName(LEASE).get())
                .map(lease -> lease.getSpec().getHolderIdentity())
                .filter(identity -> !identity.isEmpty());
    }

    private static Replica ours(ClusterUnderTest cluster, int number) {
        var settings = new HashMap<>(BenchTailnet.PLAIN_HTTP);
        settings.putAll(OperatorProcess.replica(cluster.namespace(), "replica-" + number, "127.0.0." + (number + 1)));
        settings.putAll(Map.of(
                "TAILNET_OPERATOR_LEADER_ELECTION_LEASE",
                LEASE,
                "TAILNET_OPERATOR_LEADER_ELECTION_LEASE_DURATION",
                LEASE_SECONDS + "S"));
        var process = OperatorProcess.start(cluster, settings);
        return new Replica(process.pid(), process);
    }

    private static Replica noOp(ClusterUnderTest cluster) throws IOException {
        var process = ReferenceProcess.start(
                        cluster, NoOpOperator.class, cluster.namespace(), LEASE, String.valueOf(LEASE_SECONDS))
                .awaitLine(NoOpOperator.STARTED);
        return new Replica(process.pid(), process);
    }
}
