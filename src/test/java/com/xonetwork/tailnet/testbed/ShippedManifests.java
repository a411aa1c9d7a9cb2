package com.xonetwork.tailnet.testbed;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is shipped for those without Helm, which the chart is rendered to. */
public final class ShippedManifests {

    private static final Path OPERATOR = Path.of("deploy/kustomize/operator.yaml");
    public static final Path RIGHTS = Path.of("deploy/kustomize/rbac.yaml");
    /** What the API server refuses, whatever the rights. */
    public static final Path ADMISSION = Path.of("deploy/kustomize/admission.yaml");
    /** Roles to give to people. */
    public static final Path ROLES = Path.of("deploy/kustomize/roles.yaml");

    private ShippedManifests() {}

    public static List<HasMetadata> in(Path file) {
        try (var stream = Files.newInputStream(file)) {
            return new KubernetesSerialization().<List<HasMetadata>>unmarshal(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Deployment operator() {
        return in(OPERATOR).stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** What the operator's JVM is given in its pod, and the pod's limit, which it sees there by itself. */
    static List<String> jvmOptions() {
        var container =
                operator().getSpec().getTemplate().getSpec().getContainers().getFirst();
        var options = container.getEnv().stream()
                .filter(variable -> variable.getName().equals("JAVA_OPTIONS"))
                .flatMap(variable -> Stream.of(variable.getValue().split(" ")));
        var limit = container.getResources().getLimits().get("memory").getNumericalAmount();
        return Stream.concat(Stream.of("-XX:MaxRAM=" + limit.toBigIntegerExact()), options)
                .toList();
    }
}
