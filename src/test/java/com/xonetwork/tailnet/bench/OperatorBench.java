package com.xonetwork.tailnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import com.xonetwork.tailnet.testbed.RealCluster;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Start, convergence of 500 nodes, and the steady state, on a real API server. Prints; asserts only counts. */
@RealCluster
class OperatorBench {

    private static final int NODES = Integer.getInteger("bench.nodes", 500);
    private static final int STARTS = 5;
    private static final int POLLS = 10;

    @Test
    void startToFirstReconcile(ClusterUnderTest cluster) throws IOException, InterruptedException {
        var operator = new ArrayList<Long>();
        var reference = new ArrayList<Long>();
        for (int run = 0; run < STARTS; run++) {
            var name = "start-" + run;
            tailnet(cluster, name, "http://127.0.0.1:1", "Off");
            reference.add(millis(() -> runReference(cluster, name)));
            operator.add(startUntilReported(cluster, name));
        }
        print(
                "start to first reconcile",
                new Figures(operator).median(),
                "least that any operator does",
                new Figures(reference).median());
    }

    @Test
    void convergenceAndSteadyState(ClusterUnderTest cluster) throws Exception {
        try (var simulator = new TailnetSimulator()) {
            simulator.start();
            simulator.addOAuthClient("bench", "bench-secret", "all");
            IntStream.range(0, NODES).forEach(i -> simulator.addDevice(SimDevice.named("machine-" + i)));
            simulator.setPolicyByHand("{\"tagOwners\": {\"tag:bench\": []}, \"acls\": []}");
            secret(cluster);
            nodeClass(cluster);
            // Before the operator runs: it would write to these objects as well.
            var reference = millis(() -> writeDirectly(cluster));
            cluster.client().resources(TailnetNode.class).delete();
            try (var operator = OperatorProcess.start(cluster, BenchTailnet.PLAIN_HTTP)) {
                var converged = millis(() -> {
                    tailnet(cluster, "bench", simulator.url(), "All");
                    Awaitility.await()
                            .atMost(Duration.ofMinutes(10))
                            .pollInterval(Duration.ofMillis(500))
                            .until(() -> ready(cluster) == NODES);
                });
                print(
                        NODES + " devices imported, tagged and Ready",
                        converged,
                        "same objects and statuses written",
                        reference);
                steadyState(cluster, simulator);
                System.out.printf(
                        "memory of the operator with %d nodes: %d MiB RSS%n",
                        NODES, ProcessSize.rss(operator.pid()) / 1024);
            }
        }
    }

    private static void steadyState(ClusterUnderTest cluster, TailnetSimulator simulator) throws IOException {
        awaitPolls(simulator, 3);
        var audit = AuditedWrites.fromNowOn(cluster);
        var mark = simulator.ledger().mark();
        awaitPolls(simulator, POLLS);
        var calls = simulator.ledger().since(mark);
        var lists = calls.stream()
                .filter(call -> call.operation().equals("listTailnetDevices"))
                .count();
        var writes = audit.counted();
        System.out.printf(
                "steady state, %d nodes: %d polls, %d control-plane calls, Kubernetes writes %s%n",
                NODES, lists, calls.size(), writes);
        assertThat(calls).as("one call for each poll and no other").hasSize((int) lists);
        assertThat(writes).as("Kubernetes writes in the steady state").isEmpty();
    }

    private static void awaitPolls(TailnetSimulator simulator, int polls) {
        var mark = simulator.ledger().mark();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> simulator.ledger().countSince(mark, "listTailnetDevices") >= polls);
    }

    private static long startUntilReported(ClusterUnderTest cluster, String tailnet) {
        var started = System.nanoTime();
        try (var operator = OperatorProcess.launch(cluster.kubeconfig(), BenchTailnet.PLAIN_HTTP)) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> cluster.client()
                                    .resources(Tailnet.class)
                                    .withName(tailnet)
                                    .get()
                                    .getStatus()
                            != null);
            return (System.nanoTime() - started) / 1_000_000;
        }
    }

    private static void runReference(ClusterUnderTest cluster, String tailnet)
            throws IOException, InterruptedException {
        try (var reference = ReferenceProcess.start(cluster, InformerReference.class, cluster.namespace(), tailnet)) {
            reference.awaitGoodEnd();
        }
    }

    private static long ready(ClusterUnderTest cluster) {
        return cluster.client().resources(TailnetNode.class).list().getItems().stream()
                .filter(node -> node.getStatus() != null
                        && Conditions.find(node.getStatus().conditions(), Conditions.READY)
                                .filter(ready -> Condition.TRUE.equals(ready.status()))
                                .isPresent())
                .count();
    }

    /** The floor: as many objects and as many statuses, written by eight threads without thinking. */
    private static void writeDirectly(ClusterUnderTest cluster) throws InterruptedException, ExecutionException {
        try (var writers = Executors.newFixedThreadPool(8)) {
            var all = IntStream.range(0, NODES)
                    .mapToObj(i -> writers.submit(() -> {
                        var node = new TailnetNode();
                        node.setMetadata(new ObjectMetaBuilder()
                                .withName("reference-" + i)
                                .build());
                        node.setSpec(new TailnetNodeSpec(
                                new LocalRef("reference"),
                                "reference-" + i,
                                null,
                                List.of(),
                                null,
                                null,
                                null,
                                DeletionPolicy.RETAIN,
                                null,
                                null));
                        var created = cluster.client().resource(node).create();
                        created.setStatus(new TailnetNodeStatus(
                                1L,
                                List.of(),
                                "1",
                                "n",
                                "100.64.0.1",
                                List.of(),
                                null,
                                null,
                                null,
                                List.of(),
                                List.of(),
                                List.of(),
                                null));
                        return cluster.client().resource(created).updateStatus();
                    }))
                    .toList();
            for (var one : all) {
                one.get();
            }
        }
    }

    private static void secret(ClusterUnderTest cluster) {
        cluster.kubectl(
                        "create",
                        "secret",
                        "generic",
                        "bench",
                        "--from-literal=client_id=bench",
                        "--from-literal=client_secret=bench-secret")
                .orFail();
    }

    private static void nodeClass(ClusterUnderTest cluster) {
        cluster.kubectlWith("""
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: NodeClass
                        metadata: {name: bench}
                        spec: {match: {hostnames: ["machine-*"]}, tags: ["tag:bench"]}
                        """, "apply", "-f", "-").orFail();
    }

    private static void tailnet(ClusterUnderTest cluster, String name, String url, String deviceImport) {
        cluster.kubectlWith("""
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: Tailnet
                        metadata: {name: %s}
                        spec:
                          tailscale: {url: "%s", credentials: {secretRef: {name: bench}}}
                          pollInterval: 1s
                          callBudget: {perSecond: 100, burst: 1000}
                          deviceImport: "%s"
                        """.formatted(name, url, deviceImport), "apply", "-f", "-")
                .orFail();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static long millis(Work work) {
        var started = System.nanoTime();
        try {
            work.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return (System.nanoTime() - started) / 1_000_000;
    }

    private static void print(String what, long millis, String referenceWhat, long referenceMillis) {
        System.out.printf(
                "%s: %.2f s; reference (%s): %.2f s; ratio %.2f%n",
                what, millis / 1000.0, referenceWhat, referenceMillis / 1000.0, (double) millis / referenceMillis);
    }
}
