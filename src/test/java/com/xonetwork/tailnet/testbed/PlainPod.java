package com.xonetwork.tailnet.testbed;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A pod on the node that listens on one TCP port, and can be asked what it reaches. It goes with its namespace. */
public record PlainPod(ClusterUnderTest cluster, String name, String address) {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String CONNECT = """
            import socket
            for port in %s:
                try:
                    socket.create_connection(("%s", port), 2).close()
                    print(port)
                except OSError:
                    pass
            """;

    /** @param labels as YAML has them: {@code {app: web}} */
    public static PlainPod start(ClusterUnderTest cluster, String name, String labels, int port) {
        return startAs(cluster.client(), cluster, name, labels, port);
    }

    /** As another user, for labels that admission policies keep to one. */
    public static PlainPod startAs(
            KubernetesClient user, ClusterUnderTest cluster, String name, String labels, int port) {
        var manifest = """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                  automountServiceAccountToken: false
                  securityContext: {runAsUser: 0}
                  containers:
                    - name: main
                      image: %s
                      imagePullPolicy: Never
                      command: [python3, -m, http.server, --directory, /opt, "%d"]
                """.formatted(name, cluster.namespace(), labels, NodeUnderTest.RUNNER_IMAGE, port);
        // The namespace is new: its default account comes some time after it.
        Awaitility.await()
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> !user.load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                        .serverSideApply()
                        .isEmpty());
        var running = cluster.client()
                .pods()
                .withName(name)
                .waitUntilCondition(PlainPod::isRunning, LIMIT.toSeconds(), TimeUnit.SECONDS);
        return new PlainPod(cluster, name, running.getStatus().getPodIP());
    }

    private static boolean isRunning(Pod pod) {
        return pod != null
                && pod.getStatus() != null
                && "Running".equals(pod.getStatus().getPhase());
    }

    /** Whether a TCP connection comes about from it. */
    public boolean reaches(String address, int port) {
        return !reached(address, List.of(port)).isEmpty();
    }

    /** Those of the ports to which a TCP connection comes about from it, in their order. */
    public List<Integer> reached(String address, List<Integer> ports) {
        return cluster.kubectl("exec", name, "--", "python3", "-c", CONNECT.formatted(ports, address))
                .orFail()
                .stdout()
                .lines()
                .map(Integer::valueOf)
                .toList();
    }
}
