package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Limits by address, where the address is what a proxy says, or what a stranger says. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class TrustedProxyIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    /** Far more than the rate lets through while they are on their way. */
    private static final int MANY = 200;

    private static OperatorProcess start(Scene scene, Map<String, String> settings) {
        return scene.operator().beside(scene.cluster().namespace(), settings);
    }

    /** Answers to strangers' tokens, each request with what stands in its header X-Forwarded-For. */
    private static List<Integer> answers(
            OperatorProcess operator, String path, int requests, IntFunction<String> forwardedFor) {
        var under = IntStream.range(0, requests)
                .mapToObj(i -> HttpRequest.newBuilder(operator.api().resolve(path))
                        .header("Authorization", "Bearer " + UUID.randomUUID())
                        .header("X-Forwarded-For", forwardedFor.apply(i))
                        .header("Forwarded", "for=" + forwardedFor.apply(i))
                        .header("X-Real-IP", forwardedFor.apply(i))
                        .method(path.startsWith("/bootstrap") ? "POST" : "GET", BodyPublishers.noBody())
                        .build())
                .map(request -> HTTP.sendAsync(request, BodyHandlers.discarding()))
                .toList();
        return under.stream()
                .map(CompletableFuture::join)
                .map(HttpResponse::statusCode)
                .toList();
    }

    @Test
    void aHeaderThatNoTrustedProxyWroteChangesNothing(Scene scene) {
        try (var operator = start(scene, Map.of())) {
            for (var path : List.of("/api/runs", "/bootstrap/net/none")) {
                assertThat(answers(operator, path, MANY, i -> "198.51.100." + i))
                        .as(path)
                        .contains(429);
            }
        }
        try (var operator = start(scene, Map.of("TAILNET_OPERATOR_SERVICE_TRUSTED_PROXIES", "10.0.0.0/8"))) {
            assertThat(answers(operator, "/api/runs", MANY, i -> "198.51.100." + i))
                    .contains(429);
        }
    }

    @Test
    void eachClientOfATrustedProxyHasItsOwnLimit(Scene scene) {
        try (var operator = start(scene, Map.of("TAILNET_OPERATOR_SERVICE_TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1"))) {
            for (var path : List.of("/api/runs", "/bootstrap/net/none")) {
                assertThat(answers(operator, path, MANY, i -> "198.51.100.%d, 203.0.113.1, 10.0.0.7".formatted(i)))
                        .as("%s: one client, which wrote something into the header itself", path)
                        .contains(429);
                assertThat(answers(operator, path, MANY, i -> "203.0.113.1, 198.51.100." + i))
                        .as("%s: as many clients as requests", path)
                        .containsOnly(path.startsWith("/api") ? 401 : 403);
            }
        }
    }
}
