package com.xonetwork.tailnet.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.scene.Rights;
import com.xonetwork.tailnet.scene.Scene;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A ServiceAccount that calls the API of the running operator, with the rights that it was given and no others. */
public final class ApiUser {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Scene scene;
    private final String token;

    private ApiUser(Scene scene, String token) {
        this.scene = scene;
        this.token = token;
    }

    /** What it shows who it is with. */
    public String token() {
        return token;
    }

    /** Any caller, with any token; empty for none. */
    public static ApiUser withToken(Scene scene, String token) {
        return new ApiUser(scene, token);
    }

    /** @param verbs on automationruns and automationruns/approval, separated by commas */
    public static ApiUser allowed(Scene scene, String name, String verbs) {
        scene.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: %1$s}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: %1$s}
                rules:
                  - {apiGroups: [tailnet.xo-network.com], resources: [automationruns, automationruns/approval], verbs: [%2$s]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: %1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %1$s}
                subjects: [{kind: ServiceAccount, name: %1$s, namespace: %3$s}]
                """.formatted(name, verbs, scene.cluster().namespace()));
        Rights.await(scene);
        var token = scene.client()
                .serviceAccounts()
                .inNamespace(scene.cluster().namespace())
                .withName(name)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        return new ApiUser(scene, token);
    }

    /** An answer. @param problem whether it says that it is one */
    public record Answer(int status, JsonNode body, Map<String, List<String>> headers, boolean problem) {
        public String text(String field) {
            return body.path(field).asText();
        }
    }

    public Answer get(String path) {
        return call(request(path).GET());
    }

    /** What is there, as it is. */
    public String text(String path) {
        return send(request(path).GET()).body();
    }

    Answer post(String path, Object body, String... headers) {
        return call(withBody(path, body, headers));
    }

    /** Orders a run. */
    public Answer execute(Map<String, ?> order, String... headers) {
        return post("/api/execute", order, headers);
    }

    HttpRequest.Builder withBody(String path, Object body, String... headers) {
        try {
            var text = body instanceof String raw ? raw : JSON.writeValueAsString(body);
            var request =
                    request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(text));
            return headers.length == 0 ? request : request.headers(headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(scene.operator().process().api().resolve(path))
                .timeout(Duration.ofSeconds(20));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    Answer call(HttpRequest.Builder request) {
        var answer = send(request);
        try {
            var isProblem = answer.headers()
                    .firstValue("Content-Type")
                    .filter(type -> type.startsWith("application/problem+json"))
                    .isPresent();
            return new Answer(
                    answer.statusCode(),
                    answer.body().isEmpty() ? JSON.missingNode() : JSON.readTree(answer.body()),
                    answer.headers().map(),
                    isProblem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A server-sent event. */
    public record Event(String id, String name, JsonNode data) {}

    /** Follows until the event named end, which is the last of the list. */
    public List<Event> follow(String path, String... headers) {
        try (var lines = open(path, headers).body()) {
            return read(lines);
        }
    }

    /** Opens an event stream, whatever is answered. Whoever opens it closes its body. */
    public HttpResponse<Stream<String>> open(String path, String... headers) {
        try {
            var request = request(path).timeout(Duration.ofMinutes(2));
            return HTTP.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static List<Event> read(Stream<String> lines) {
        var events = new ArrayList<Event>();
        var id = "";
        var name = "";
        var data = new StringBuilder();
        for (var line : (Iterable<String>) lines::iterator) {
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5));
            } else if (line.isEmpty() && !data.isEmpty()) {
                try {
                    events.add(new Event(id, name, JSON.readTree(data.toString())));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                id = "";
                name = "";
                data.setLength(0);
            }
        }
        return events;
    }
}
