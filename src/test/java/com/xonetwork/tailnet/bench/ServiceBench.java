package com.xonetwork.tailnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import com.xonetwork.tailnet.testbed.RealCluster;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Orders through the API at a fixed rate, whether or not earlier ones were answered, while the operator plans the runs that they
 * make. Latencies count from when an order was due. The reference makes the same objects at the same rate, straight at the API
 * server.
 */
@RealCluster
class ServiceBench {

    private static final int PER_SECOND = Integer.getInteger("bench.perSecond", 50);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 30);
    private static final int WARM_UP_SECONDS = 5;
    private static final long BOUND_MILLIS = 100;

    /** One order. @return whether it was accepted */
    private interface Order {
        boolean send(int number) throws Exception;
    }

    @Test
    void ordersAtAFixedRate(ClusterUnderTest cluster) throws Exception {
        apply(cluster, """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: web-1}
                spec: {hostname: web-1, tailnetRef: {name: home}}
                ---
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: ping}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                  targets: {override: true}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: caller}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: caller}
                rules: [{apiGroups: [tailnet.xo-network.com], resources: [automationruns], verbs: [create]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: caller}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: caller}
                subjects: [{kind: ServiceAccount, name: caller, namespace: %s}]
                """.formatted(cluster.namespace()));
        var token = cluster.client()
                .serviceAccounts()
                .inNamespace(cluster.namespace())
                .withName("caller")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        try (var process = OperatorProcess.start(cluster, BenchTailnet.PLAIN_HTTP);
                var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            Order direct = number -> {
                apply(cluster, """
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: AutomationRun
                        metadata: {name: direct-%d}
                        spec:
                          templateRef: {name: ping}
                          targets: {nodes: [{name: web-1, address: 192.0.2.1}]}
                        """.formatted(number));
                return true;
            };
            Order ordered = number ->
                    http.send(order(process.api(), cluster.namespace(), token, number), BodyHandlers.discarding())
                                    .statusCode()
                            == 202;
            measure(ordered, WARM_UP_SECONDS, 0);
            measure(direct, WARM_UP_SECONDS, 0);
            cluster.client()
                    .resources(AutomationRun.class)
                    .inNamespace(cluster.namespace())
                    .delete();
            var reference = measure(direct, SECONDS, 100_000);
            cluster.client()
                    .resources(AutomationRun.class)
                    .inNamespace(cluster.namespace())
                    .delete();
            var api = measure(ordered, SECONDS, 100_000);
            var sheet = new Sheet(ServiceBench.class);
            for (var percent : List.of(50, 95, 99)) {
                var row = Row.of(
                                Section.SERVICE,
                                "POST /api/execute, %d a second for %d s: p%d".formatted(PER_SECOND, SECONDS, percent),
                                "ms",
                                api.percentile(percent))
                        .beside(reference.percentile(percent));
                sheet.add(percent == 95 ? row.goal(BOUND_MILLIS) : row);
            }
            assertThat(api.millis()).as("accepted").hasSize(PER_SECOND * SECONDS);
            assertThat(api.percentile(95)).as("p95 in ms").isLessThanOrEqualTo(BOUND_MILLIS);
        }
    }

    private static HttpRequest order(URI api, String namespace, String token, int number) {
        return HttpRequest.newBuilder(api.resolve("/api/execute"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "bench-" + number)
                .POST(BodyPublishers.ofString("""
                        {"namespace": "%s", "template": "ping",
                         "targets": {"nodes": [{"name": "web-1", "address": "192.0.2.1"}]}}
                        """.formatted(namespace)))
                .build();
    }

    private static void apply(ClusterUnderTest cluster, String yaml) {
        cluster.client()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(item -> cluster.client()
                        .resource(item)
                        .inNamespace(cluster.namespace())
                        .create());
    }

    /** @return milliseconds of each order that was accepted */
    private static Figures measure(Order order, int seconds, int first) throws Exception {
        var answers = new ArrayList<CompletableFuture<Long>>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var begin = System.nanoTime();
            for (var i = 0; i < seconds * PER_SECOND; i++) {
                var due = begin + TimeUnit.SECONDS.toNanos(1) * i / PER_SECOND;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                var number = first + i;
                answers.add(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return order.send(number) ? System.nanoTime() - due : -1;
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        callers));
            }
            var latencies = new ArrayList<Long>();
            for (var answer : answers) {
                var nanos = answer.get(60, TimeUnit.SECONDS);
                if (nanos >= 0) {
                    latencies.add(TimeUnit.NANOSECONDS.toMillis(nanos));
                }
            }
            return new Figures(latencies);
        }
    }
}
