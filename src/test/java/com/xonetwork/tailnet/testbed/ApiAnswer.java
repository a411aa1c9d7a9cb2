package com.xonetwork.tailnet.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the API server answers to a resource, with unknown fields refused. It gets the text as it stands: what YAML means is its to
 * decide, as it is with kubectl. A kubectl for each of hundreds of resources costs minutes.
 *
 * <p>What is sent has connections of its own: the API server closes some after a refusal.
 *
 * @param message empty where it is accepted
 * @param causes one for each field that is refused
 */
public record ApiAnswer(boolean accepted, String message, List<StatusCause> causes) {

    private static final String OPTIONS = "?fieldValidation=Strict&fieldManager=kubectl";
    private static final String DRY_RUN = OPTIONS + "&dryRun=All";
    private static final int OK = 299;
    private static final int LIMIT_SECONDS = 60;

    /** As {@code kubectl apply --server-side --validate=strict} of one document. */
    static ApiAnswer apply(KubernetesClient client, KubernetesClient sender, String namespace, String yaml) {
        return apply(client, sender, namespace, yaml, OPTIONS);
    }

    /** The same with {@code --dry-run=server}: nothing is stored. */
    static ApiAnswer dryRun(KubernetesClient client, KubernetesClient sender, String namespace, String yaml) {
        return apply(client, sender, namespace, yaml, DRY_RUN);
    }

    private static ApiAnswer apply(
            KubernetesClient client, KubernetesClient sender, String namespace, String yaml, String options) {
        var resource = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        var given = resource.getMetadata().getNamespace();
        if (given != null && !given.equals(namespace)) {
            return refused("the namespace " + given + " of the resource is not " + namespace);
        }
        return collection(client, namespace, resource.getApiVersion(), resource.getKind())
                .map(collection -> {
                    var name = URLEncoder.encode(resource.getMetadata().getName(), StandardCharsets.UTF_8);
                    return send(
                            sender, "PATCH", collection + "/" + name + options, "application/apply-patch+yaml", yaml);
                })
                .orElseGet(() -> refused("there is no kind " + resource.getKind() + " in " + resource.getApiVersion()));
    }

    /** As a client creates it, and nothing is stored. */
    static ApiAnswer dryRun(KubernetesClient client, KubernetesClient sender, String namespace, JsonNode resource) {
        var collection = collection(
                        client,
                        namespace,
                        resource.path("apiVersion").asText(),
                        resource.path("kind").asText())
                .orElseThrow();
        return send(sender, "POST", collection + DRY_RUN, "application/json", resource.toString());
    }

    private static Optional<String> collection(
            KubernetesClient client, String namespace, String apiVersion, String kind) {
        var resources = client.getApiResources(apiVersion);
        return resources == null
                ? Optional.empty()
                : resources.getResources().stream()
                        .filter(resource -> resource.getKind().equals(kind)
                                && !resource.getName().contains("/"))
                        .findFirst()
                        .map(resource -> collection(resource, apiVersion, namespace));
    }

    private static String collection(APIResource resource, String apiVersion, String namespace) {
        return (apiVersion.contains("/") ? "apis/" : "api/") + apiVersion + "/"
                + (Boolean.TRUE.equals(resource.getNamespaced()) ? "namespaces/" + namespace + "/" : "")
                + resource.getName();
    }

    private static ApiAnswer send(KubernetesClient client, String method, String path, String type, String body) {
        var http = client.getHttpClient();
        var request = http.newHttpRequestBuilder()
                .uri(URI.create(client.getMasterUrl() + path))
                .method(method, type, body)
                .build();
        var response = http.sendAsync(request, String.class)
                // The API server may close a connection just when it is used again. Whatever is sent here may be sent
                // twice.
                .exceptionallyCompose(_ -> http.sendAsync(request, String.class))
                .exceptionallyCompose(_ -> http.sendAsync(request, String.class))
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
        return response.code() <= OK ? new ApiAnswer(true, "", List.of()) : refused(response);
    }

    private static ApiAnswer refused(HttpResponse<String> response) {
        var status = Serialization.unmarshal(response.body(), Status.class);
        var details = status.getDetails();
        return new ApiAnswer(
                false,
                Optional.ofNullable(status.getMessage()).orElse("HTTP " + response.code()),
                details == null || details.getCauses() == null ? List.of() : List.copyOf(details.getCauses()));
    }

    private static ApiAnswer refused(String message) {
        return new ApiAnswer(false, message, List.of());
    }
}
