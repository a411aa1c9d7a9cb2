package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** A simulated tailnet with its resources: devices {@code machine-1} and so on, and a node of the same name for each. */
final class BenchTailnet implements AutoCloseable {

    /** The simulator is on this machine. */
    static final Map<String, String> PLAIN_HTTP =
            Map.of("TAILNET_OPERATOR_CONTROL_PLANE_PLAIN_HTTP_HOSTS", "127.0.0.1");

    private static final String NAME = "bench";
    private static final int WRITERS = 16;

    private final ClusterUnderTest cluster;
    private final TailnetSimulator simulator = new TailnetSimulator();

    BenchTailnet(ClusterUnderTest cluster) {
        this.cluster = cluster;
        simulator.start();
        simulator.addOAuthClient("bench", "bench-secret", "all");
        simulator.setPolicyByHand("{\"tagOwners\": {\"tag:bench\": []}, \"acls\": []}");
        cluster.kubectl(
                        "create",
                        "secret",
                        "generic",
                        NAME,
                        "--from-literal=client_id=bench",
                        "--from-literal=client_secret=bench-secret")
                .orFail();
        // One class that matches all, so that tags come from where they mostly do.
        cluster.kubectlWith("""
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: NodeClass
                        metadata: {name: bench}
                        spec: {match: {hostnames: ["machine-*"]}, tags: ["tag:bench"]}
                        """, "apply", "-f", "-").orFail();
    }

    TailnetSimulator simulator() {
        return simulator;
    }

    void createTailnet(int pollSeconds) {
        cluster.kubectlWith("""
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: Tailnet
                        metadata: {name: %s}
                        spec:
                          tailscale: {url: "%s", credentials: {secretRef: {name: bench}}}
                          pollInterval: %ds
                          callBudget: {perSecond: 100, burst: 1000}
                        """.formatted(NAME, simulator.url(), pollSeconds), "apply", "-f", "-")
                .orFail();
        cluster.kubectl("wait", "--for=condition=Ready", "tailnet/" + NAME, "--timeout=60s")
                .orFail();
    }

    void deleteTailnet() {
        cluster.kubectl("delete", "tailnet", NAME).orFail();
    }

    /** Devices as their nodes will want them: nothing is left to be written to the tailnet. */
    void addDevices(int from, int to) {
        IntStream.rangeClosed(from, to)
                .forEach(
                        i -> simulator.addDevice(SimDevice.named("machine-" + i).tags("tag:bench")));
    }

    String deviceId(int number) {
        return simulator.devices().get(number - 1).nodeId();
    }

    static String node(int number) {
        return "machine-" + number;
    }

    void createNodes(int from, int to) throws InterruptedException {
        inParallel(IntStream.rangeClosed(from, to)
                .<Callable<?>>mapToObj(
                        i -> () -> cluster.client().resource(node(node(i))).create())
                .toList());
    }

    void deleteNodes() throws InterruptedException {
        var nodes = cluster.client().resources(TailnetNode.class);
        inParallel(nodes.list().getItems().stream()
                .<Callable<?>>map(node ->
                        () -> nodes.withName(node.getMetadata().getName()).delete())
                .toList());
    }

    private static void inParallel(List<Callable<?>> calls) throws InterruptedException {
        try (var writers = Executors.newFixedThreadPool(WRITERS)) {
            for (var one : calls.stream().map(writers::submit).toList()) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    static TailnetNode node(String name) {
        var node = new TailnetNode();
        node.setMetadata(new ObjectMetaBuilder().withName(name).build());
        node.setSpec(new TailnetNodeSpec(
                new LocalRef(NAME), name, null, List.of(), null, null, null, DeletionPolicy.RETAIN, null, null));
        return node;
    }

    @Override
    public void close() throws InterruptedException {
        simulator.close();
        // The test's own cleaning up does it one by one.
        deleteNodes();
    }
}
