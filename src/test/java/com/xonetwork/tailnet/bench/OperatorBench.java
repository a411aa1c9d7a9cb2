package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import com.xonetwork.tailnet.testbed.RealCluster;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The start, and how soon a tailnet that is there already is imported, on a real API server. */
@RealCluster
class OperatorBench {

    private static final int NODES = Integer.getInteger("bench.nodes", 500);
    private static final int STARTS = 5;
    private static final int POLLS = 10;

    private final Sheet sheet = new Sheet(OperatorBench.class);

    /** How a start went. @param rssKib resident memory at its end, KiB */
    private record Start(long millis, long rssKib) {}

    @Test
    void startToFirstReconcile(ClusterUnderTest cluster) throws IOException, InterruptedException {
        var asShipped = new ArrayList<Start>();
        var withoutCache = new ArrayList<Start>();
        var reference = new ArrayList<Long>();
        for (int run = 0; run < STARTS; run++) {
            var name = "start-" + run;
            tailnet(cluster, name + "-a", "http://127.0.0.1:1", "Off");
            reference.add(millis(() -> runReference(cluster, name + "-a")));
            asShipped.add(startUntilReported(cluster, name + "-a", Map.of()));
            tailnet(cluster, name + "-b", "http://127.0.0.1:1", "Off");
            withoutCache.add(startUntilReported(cluster, name + "-b", Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=off")));
        }
        var least = new Figures(reference).median() / 1000.0;
        report("as in the image, with an AOT cache", asShipped, least);
        report("without an AOT cache", withoutCache, least);
    }

    private void report(String how, List<Start> starts, double reference) {
        var millis = new Figures(starts.stream().map(Start::millis).toList()).median();
        var rss = starts.stream().mapToLong(Start::rssKib).sorted().toArray();
        sheet.add(Row.of(Section.START, how + ": to the first status, median of " + STARTS, "s", millis / 1000.0)
                .beside(reference));
        sheet.add(Row.of(Section.START, how + ": resident then", "MiB", rss[rss.length / 2] / 1024.0));
    }

    @Test
    void importOfWhatIsThere(ClusterUnderTest cluster) throws Exception {
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
                sheet.add(Row.of(
                                Section.CONVERGENCE,
                                "%,d devices imported, tagged and Ready".formatted(NODES),
                                "s",
                                converged / 1000.0)
                        .beside(reference / 1000.0));
                SteadyState.over(POLLS, cluster, simulator, operator);
            }
        }
    }

    private static Start startUntilReported(ClusterUnderTest cluster, String tailnet, Map<String, String> more)
            throws IOException {
        var settings = new HashMap<>(BenchTailnet.PLAIN_HTTP);
        settings.putAll(more);
        var started = System.nanoTime();
        try (var operator = OperatorProcess.launch(cluster.kubeconfig(), settings)) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> cluster.client()
                                    .resources(Tailnet.class)
                                    .withName(tailnet)
                                    .get()
                                    .getStatus()
                            != null);
            return new Start((System.nanoTime() - started) / 1_000_000, ProcessSize.rss(operator.pid()));
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
                        && Conditions.find(node.getStatus().conditions(), ConditionType.READY)
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
}
