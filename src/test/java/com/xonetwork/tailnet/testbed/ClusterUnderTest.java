package com.xonetwork.tailnet.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real API server with our CRDs, seen from one test: with a namespace of its own. Injected where {@link RealCluster} is. */
public final class ClusterUnderTest implements AutoCloseable {
    /** Long enough for a running operator to take its finalizers off, short enough for tests that run none. */
    private static final Duration FINALIZER_GRACE = Duration.ofSeconds(3);

    private final SharedCluster shared;
    private final String namespace;

    private ClusterUnderTest(SharedCluster shared, String namespace) {
        this.shared = shared;
        this.namespace = namespace;
    }

    /** For other extensions: the same that a parameter of the test gets. The test class needs {@link RealCluster}. */
    public static ClusterUnderTest of(ExtensionContext context) {
        return ClusterExtension.clusterOf(context);
    }

    static ClusterUnderTest withFreshNamespace(SharedCluster shared, String test) {
        var readable = test.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        var name = "t-%.40s-%.8s".formatted(readable, UUID.randomUUID()).replaceAll("-+", "-");
        shared.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return new ClusterUnderTest(shared, name);
    }

    /** Another namespace of the same cluster: somebody else's. Whoever asks for it closes it. */
    public ClusterUnderTest neighbour() {
        return withFreshNamespace(shared, namespace.substring(0, Math.min(namespace.length(), 20)) + "-other");
    }

    /** A client with the rights of a cluster administrator, whose default namespace is {@link #namespace()}. */
    public NamespacedKubernetesClient client() {
        return shared.client().inNamespace(namespace);
    }

    /**
     * A client of somebody else, impersonated: admission and authorization see this user and no other. To be closed.
     *
     * @param groups such as {@code system:masters}, whom nothing but admission policies holds back
     */
    public NamespacedKubernetesClient as(String user, String... groups) {
        var config = new ConfigBuilder(Config.fromKubeconfig(kubeconfig().toFile()))
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .withNamespace(namespace)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build().adapt(NamespacedKubernetesClient.class);
    }

    /** The Job controller, for tests that play it: admission policies tell it from users. To be closed. */
    public NamespacedKubernetesClient asJobController() {
        return as(
                "system:serviceaccount:kube-system:job-controller",
                "system:masters",
                "system:serviceaccounts",
                "system:serviceaccounts:kube-system");
    }

    /** Exists for this test only. */
    public String namespace() {
        return namespace;
    }

    public Path kubeconfig() {
        return shared.cluster().kubeconfig();
    }

    /** The API server's audit log (one JSON event a line, level Metadata); empty where the cluster is not ours to configure. */
    public Optional<Path> auditLog() {
        return shared.cluster().auditLog();
    }

    /** The node that runs pods; empty at levels and clusters that have none of ours. */
    public Optional<NodeUnderTest> node() {
        return shared.cluster().node();
    }

    /** Whether controllers run here: without them no Job makes a pod and no owner reference deletes anything. */
    public boolean hasControllers() {
        return shared.cluster().hasControllers();
    }

    /** Runs the real kubectl in this test's namespace. */
    public CommandResult kubectl(String... arguments) {
        return kubectlWith("", arguments);
    }

    /** Like {@link #kubectl}, with something on standard input: {@code kubectlWith(yaml, "apply", "-f", "-")}. */
    public CommandResult kubectlWith(String stdin, String... arguments) {
        var line = new ArrayList<>(
                List.of(shared.kubectl(), "--kubeconfig", kubeconfig().toString(), "--namespace", namespace));
        line.addAll(List.of(arguments));
        return new Command(line, Map.of()).run(stdin);
    }

    /** What the API server makes of one YAML document that is applied and not stored; kubectl is not asked. */
    public ApiAnswer dryRun(String yaml) {
        return ApiAnswer.dryRun(client(), shared.manifests(), namespace, yaml);
    }

    /** What the API server makes of a resource that is created and not stored. */
    public ApiAnswer dryRun(JsonNode resource) {
        return ApiAnswer.dryRun(client(), shared.manifests(), namespace, resource);
    }

    /** Applies YAML documents without kubectl; fails when the API server refuses one. */
    public void apply(String yaml) {
        for (var document : yaml.split("(?m)^---$")) {
            var answer = ApiAnswer.apply(client(), shared.manifests(), namespace, document);
            if (!answer.accepted()) {
                throw new IllegalStateException(answer.message() + ":\n" + document);
            }
        }
    }

    /** Runs a script in which {@code kubectl} is the real one, in this test's namespace, as somebody types it who has set that. */
    public CommandResult shell(String script) {
        var kubectl = "kubectl() { \"" + shared.kubectl() + "\" --namespace " + namespace + " \"$@\"; }\n";
        return new Command(
                        List.of("bash", "-euo", "pipefail", "-c", kubectl + script),
                        Map.of("KUBECONFIG", kubeconfig().toString()))
                .run();
    }

    /** Deletes the namespace with all that is in it, whether or not an operator still runs. */
    @Override
    public void close() {
        shared.definitions().stream()
                .filter(definition -> definition.getSpec().getScope().equals("Namespaced"))
                .map(CustomResourceDefinitionContext::fromCrd)
                .forEach(this::deleteAll);
        if (!hasControllers()) {
            deleteContents();
        }
        shared.client().namespaces().withName(namespace).delete();
        if (!hasControllers()) {
            finalizeNamespace();
        }
    }

    private void deleteAll(ResourceDefinitionContext kind) {
        var resources = shared.client().genericKubernetesResources(kind).inNamespace(namespace);
        if (resources.list().getItems().isEmpty()) {
            return;
        }
        resources.delete();
        try {
            Awaitility.await()
                    .atMost(FINALIZER_GRACE)
                    .pollInterval(Duration.ofMillis(100))
                    // A connection can be closed just when it is used again: there is no answer then.
                    .ignoreExceptionsMatching(
                            e -> e instanceof KubernetesClientException failure && failure.getCode() == 0)
                    .until(() -> resources.list().getItems().isEmpty());
        } catch (ConditionTimeoutException _) {
            resources.list().getItems().forEach(resource -> stripFinalizers(kind, resource));
        }
    }

    private void stripFinalizers(ResourceDefinitionContext kind, GenericKubernetesResource resource) {
        try {
            shared.client()
                    .genericKubernetesResources(kind)
                    .inNamespace(namespace)
                    .withName(resource.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
        } catch (KubernetesClientException e) {
            // An operator that still runs has taken the last one off since the resources were listed.
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    /** What the namespace controller would do: only the kinds that our tests leave behind. */
    private void deleteContents() {
        var client = client();
        client.batch().v1().jobs().delete();
        client.pods().withGracePeriod(0).delete();
        client.secrets().delete();
        client.configMaps().delete();
        client.leases().delete();
        client.serviceAccounts().delete();
        client.rbac().roleBindings().delete();
        client.rbac().roles().delete();
    }

    private void finalizeNamespace() {
        var current = shared.client().namespaces().withName(namespace).get();
        if (current != null) {
            current.getSpec().setFinalizers(List.of());
            shared.client().raw("/api/v1/namespaces/" + namespace + "/finalize", "PUT", current);
        }
    }
}
