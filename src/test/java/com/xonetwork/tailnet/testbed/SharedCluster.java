package com.xonetwork.tailnet.testbed;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The one cluster of this JVM with our CRDs in it. */
final class SharedCluster implements AutoCloseable {
    private static final Duration REQUEST_LIMIT = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final NamespacedKubernetesClient client;
    /** For bodies that are refused: the API server closes connections after some of them, and others must not be waiting on those. */
    private final NamespacedKubernetesClient manifests;

    private final String kubectl;
    private final List<CustomResourceDefinition> definitions;

    private SharedCluster(Cluster cluster, NamespacedKubernetesClient client, NamespacedKubernetesClient manifests) {
        this.cluster = cluster;
        this.client = client;
        this.manifests = manifests;
        this.kubectl = Testbed.program("kubectl");
        this.definitions = applyDefinitions();
    }

    static SharedCluster start() {
        var cluster = Cluster.start();
        try {
            var config = Config.fromKubeconfig(cluster.kubeconfig().toFile());
            // One request deletes all resources of a kind, of which a test can have hundreds.
            config.setRequestTimeout((int) REQUEST_LIMIT.toMillis());
            return new SharedCluster(cluster, connect(config), connect(config));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static NamespacedKubernetesClient connect(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build().adapt(NamespacedKubernetesClient.class);
    }

    Cluster cluster() {
        return cluster;
    }

    NamespacedKubernetesClient client() {
        return client;
    }

    /** Sends manifests as they stand. */
    NamespacedKubernetesClient manifests() {
        return manifests;
    }

    String kubectl() {
        return kubectl;
    }

    List<CustomResourceDefinition> definitions() {
        return definitions;
    }

    private List<CustomResourceDefinition> applyDefinitions() {
        var applied = new ArrayList<CustomResourceDefinition>();
        for (var file : definitionFiles()) {
            try (var in = Files.newInputStream(file)) {
                for (var item : client.load(in).items()) {
                    applied.add((CustomResourceDefinition) apply(item));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(file.toString(), e);
            }
        }
        for (var definition : applied) {
            client.resource(definition).waitUntilCondition(SharedCluster::established, 120, TimeUnit.SECONDS);
        }
        return List.copyOf(applied);
    }

    private HasMetadata apply(HasMetadata item) {
        return client.resource(item).fieldManager("testbed").forceConflicts().serverSideApply();
    }

    private static boolean established(CustomResourceDefinition definition) {
        return definition.getStatus() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    private static List<Path> definitionFiles() {
        var folder = Repository.ROOT.resolve("crds");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        manifests.close();
        cluster.close();
    }
}
