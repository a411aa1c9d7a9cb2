package com.xonetwork.tailnet.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Received;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.zjsonpatch.JsonPatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps objects by name and version behind a real client, and refuses what a test wants refused: enough to see what an effect
 * does when a write is refused, comes second or is half done. It knows no schema, field manager, right or quota: those are for
 * an integration test.
 */
public final class MemoryApiServer implements BeforeEachCallback, AfterEachCallback {

    private static final YAMLMapper YAML = new YAMLMapper();

    private final StubServer server = new StubServer();
    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<String> writes = new ArrayList<>();
    private Instant time = Instant.EPOCH;
    private int versions;
    private KubernetesClient client;

    /** What happens instead of, or before, a request. */
    private record Rule(String method, String plural, Runnable before, Optional<Reply> instead) {
        boolean fits(Received request) {
            return request.method().equals(method)
                    && List.of(request.path().split("/")).contains(plural);
        }
    }

    public KubernetesClient client() {
        return client;
    }

    /** From now on objects are made at this time. */
    public void at(Instant now) {
        synchronized (objects) {
            time = now;
        }
    }

    /** Puts an object there, as somebody else would. */
    public void has(HasMetadata object) {
        synchronized (objects) {
            ObjectNode json = Serialization.jsonMapper().valueToTree(object);
            store(path(object), json);
        }
    }

    public void lacks(HasMetadata object) {
        synchronized (objects) {
            objects.remove(path(object));
        }
    }

    public <T extends HasMetadata> Optional<T> find(Class<T> kind, String namespace, String name) {
        synchronized (objects) {
            return Optional.ofNullable(objects.get(
                            collection(HasMetadata.getApiVersion(kind), namespace, HasMetadata.getPlural(kind)) + "/"
                                    + name))
                    .map(json -> Serialization.unmarshal(json.toString(), kind));
        }
    }

    public <T extends HasMetadata> T get(Class<T> kind, String namespace, String name) {
        return find(kind, namespace, name)
                .orElseThrow(() -> new AssertionError("there is no " + HasMetadata.getKind(kind) + " " + name));
    }

    /** {@code secrets/web-1-join} and so on, of all that is there, in the order in which it came. */
    public List<String> names() {
        synchronized (objects) {
            return objects.keySet().stream()
                    .map(path -> path.split("/"))
                    .map(parts -> parts[parts.length - 2] + "/" + parts[parts.length - 1])
                    .toList();
        }
    }

    /** What was asked for and changes something, done or not: {@code POST secrets}, {@code DELETE secrets/web-1-join} and so on. */
    public List<String> writes() {
        synchronized (objects) {
            return List.copyOf(writes);
        }
    }

    public List<Received> requests() {
        return server.received();
    }

    /** Such requests are answered so from now on, and not done. */
    public void refuses(String method, String plural, int status, String message) {
        synchronized (objects) {
            rules.add(new Rule(method, plural, () -> {}, Optional.of(failure(status, message))));
        }
    }

    /** Nothing is refused any more, and nobody else does anything. */
    public void relents() {
        synchronized (objects) {
            rules.clear();
        }
    }

    /** Before the next such request somebody else does this. */
    public void before(String method, String plural, Runnable somebody) {
        synchronized (objects) {
            rules.add(new Rule(method, plural, somebody, Optional.empty()));
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        server.beforeEach(context);
        server.behaves(this::answer);
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

    private Reply answer(Received request) {
        synchronized (objects) {
            if (!request.method().equals("GET")) {
                var resource = request.path().replaceFirst(".*/namespaces/[^/]+/", "");
                writes.add(request.method() + " " + resource);
            }
            Predicate<Rule> fits = rule -> rule.fits(request);
            var rule = rules.stream().filter(fits).findFirst();
            rule.filter(found -> found.instead().isEmpty()).ifPresent(once -> {
                rules.remove(once);
                once.before().run();
            });
            return rule.flatMap(Rule::instead).orElseGet(() -> done(request));
        }
    }

    private Reply done(Received request) {
        var there = objects.get(request.path());
        if (request.method().equals("POST")) {
            return create(request.path(), parse(request.body()));
        }
        if (request.method().equals("GET")) {
            return there == null ? list(request.path()) : Reply.json(there.toString());
        }
        var isApply = isOf(request, "apply-patch");
        if (there == null && !isApply) {
            return failure(404, "not found");
        }
        if (request.method().equals("DELETE")) {
            return delete(request.path(), there, parse(request.body()));
        }
        var body = isOf(request, "json-patch") ? parseAny(request.body()) : parse(request.body());
        var version = body.path("metadata").path("resourceVersion").asText();
        if (there != null && !version.isEmpty() && !version.equals(version(there))) {
            return failure(409, "the object has been modified");
        }
        return Reply.json(store(request.path(), changed(request, there, body)).toString());
    }

    private static ObjectNode changed(Received request, ObjectNode there, JsonNode body) {
        if (request.method().equals("PUT") || there == null) {
            var whole = (ObjectNode) body;
            keep(there, (ObjectNode) whole.get("metadata"));
            return whole;
        }
        return isOf(request, "json-patch") ? (ObjectNode) JsonPatch.apply(body, there) : merge(there.deepCopy(), body);
    }

    /** What only the server says. */
    private static void keep(ObjectNode there, ObjectNode metadata) {
        if (there != null) {
            List.of("uid", "creationTimestamp")
                    .forEach(name -> metadata.set(name, there.path("metadata").get(name)));
        }
    }

    private Reply create(String collection, ObjectNode object) {
        var metadata = (ObjectNode) object.get("metadata");
        if (!metadata.hasNonNull("name")) {
            metadata.put("name", metadata.path("generateName").asText() + (versions + 1));
        }
        var path = collection + "/" + metadata.get("name").asText();
        if (objects.containsKey(path)) {
            return failure(409, metadata.get("name").asText() + " already exists");
        }
        return Reply.json(201, store(path, object).toString());
    }

    private Reply list(String path) {
        var last = path.substring(path.lastIndexOf('/') + 1);
        var isCollection = last.endsWith("s");
        if (!isCollection || path.matches(".*/namespaces/[^/]+/[^/]+/[^/]+")) {
            return failure(404, "not found");
        }
        var items = YAML.createArrayNode();
        objects.forEach((name, object) -> {
            if (name.startsWith(path + "/")) {
                items.add(object);
            }
        });
        var list = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        list.set("items", items);
        return Reply.json(list.toString());
    }

    private Reply delete(String path, ObjectNode there, ObjectNode options) {
        var wanted = options.path("preconditions").path("resourceVersion").asText();
        if (!wanted.isEmpty() && !wanted.equals(version(there))) {
            return failure(409, "the object has been modified");
        }
        objects.remove(path);
        return Reply.json(there.toString());
    }

    private ObjectNode store(String path, ObjectNode object) {
        versions++;
        var metadata = (ObjectNode) object.get("metadata");
        metadata.put("resourceVersion", String.valueOf(versions));
        if (!metadata.hasNonNull("uid")) {
            metadata.put("uid", "uid-" + versions);
        }
        if (!metadata.hasNonNull("creationTimestamp")) {
            metadata.put("creationTimestamp", time.toString());
        }
        countGeneration(objects.get(path), object);
        if (object.remove("stringData") instanceof ObjectNode texts) {
            var data = object.withObject("/data");
            texts.properties()
                    .forEach(text -> data.put(
                            text.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(text.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
        objects.put(path, object);
        return object;
    }

    private static void countGeneration(ObjectNode there, ObjectNode object) {
        var metadata = (ObjectNode) object.get("metadata");
        if (there == null) {
            metadata.put("generation", metadata.path("generation").asLong(1));
        } else {
            var before = there.path("metadata").path("generation").asLong();
            metadata.put("generation", there.path("spec").equals(object.path("spec")) ? before : before + 1);
        }
    }

    private static JsonNode mergeAny(JsonNode there, JsonNode change) {
        return change instanceof ObjectNode fields
                ? merge(there instanceof ObjectNode old ? old : YAML.createObjectNode(), fields)
                : change;
    }

    private static ObjectNode merge(ObjectNode there, JsonNode change) {
        change.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                there.remove(field.getKey());
            } else {
                there.set(field.getKey(), mergeAny(there.get(field.getKey()), field.getValue()));
            }
        });
        return there;
    }

    private static boolean isOf(Received request, String type) {
        return request.headers().getOrDefault("content-type", "").contains(type);
    }

    private static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }

    private static ObjectNode parse(String text) {
        return parseAny(text) instanceof ObjectNode object ? object : YAML.createObjectNode();
    }

    private static JsonNode parseAny(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Reply failure(int status, String message) {
        return Reply.json(
                status,
                YAML.createObjectNode()
                        .put("kind", "Status")
                        .put("apiVersion", "v1")
                        .put("status", "Failure")
                        .put("message", message)
                        .put("code", status)
                        .toString());
    }

    private static String path(HasMetadata object) {
        var metadata = object.getMetadata();
        return collection(object.getApiVersion(), metadata.getNamespace(), HasMetadata.getPlural(object.getClass()))
                + "/" + metadata.getName();
    }

    private static String collection(String apiVersion, String namespace, String plural) {
        return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion + "/namespaces/" + namespace + "/" + plural;
    }
}
