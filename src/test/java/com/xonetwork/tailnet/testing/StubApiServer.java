package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Received;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Answers reads with the core objects it was given and takes whatever is written, so that a real client has somebody to talk
 * to. Knows no rule of the real one: what depends on one is for an integration test.
 */
public final class StubApiServer implements BeforeEachCallback, AfterEachCallback {

    private static final String NOT_FOUND =
            "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"reason\": \"NotFound\", \"code\": 404}";

    private final StubServer server = new StubServer();
    private final Map<String, String> objects = new ConcurrentHashMap<>();
    private KubernetesClient client;

    /** Puts a core object where a read by name finds it. */
    public void has(HasMetadata object) {
        objects.put(path(object), Serialization.asJson(object));
    }

    public void lacks(HasMetadata object) {
        objects.remove(path(object));
    }

    public KubernetesClient client() {
        return client;
    }

    /** Bodies of what was created, of one kind. */
    public List<String> created(String plural) {
        return server.received().stream()
                .filter(request ->
                        request.method().equals("POST") && request.path().endsWith("/" + plural))
                .map(Received::body)
                .toList();
    }

    public List<String> requests() {
        return server.received().stream().map(Received::line).toList();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        objects.clear();
        server.beforeEach(context);
        server.behaves(request -> switch (request.method()) {
            case "GET" ->
                objects.containsKey(request.path())
                        ? Reply.json(objects.get(request.path()))
                        : Reply.json(404, NOT_FOUND);
            case "POST" -> Reply.json(201, request.body());
            default -> Reply.json(405, NOT_FOUND);
        });
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(server.url().toString())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        client.close();
        server.afterEach(context);
    }

    private static String path(HasMetadata object) {
        return "/api/v1/namespaces/%s/%ss/%s"
                .formatted(
                        object.getMetadata().getNamespace(),
                        object.getKind().toLowerCase(Locale.ROOT),
                        object.getMetadata().getName());
    }
}
