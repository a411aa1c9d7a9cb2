package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the operator lets itself be sent, and that the credentials go nowhere else. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class ControlPlaneUrlIT {

    @Test
    void plainHttpGoesToListedHostsOnly(Scene scene) {
        var clock = scene.addSimulator();
        scene.tailnetAt(clock.url(), "clock", "");
        scene.tailnetAt(scene.simulator().url().replace("127.0.0.1", "localhost"), "home", "");

        var refused = scene.awaitCondition(Tailnet.class, "home", "Reachable", "False", "UrlRefused");
        assertThat(refused.message()).contains("plain http is not allowed to host localhost");
        scene.awaitCondition(Tailnet.class, "home", "Stalled", "True", "UrlRefused");
        scene.letPollsGoBy(clock, 4);
        assertThat(scene.ledger().calls()).isEmpty();

        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://169.254.169.254", "https://[fe80::1]", "https://[fd00:ec2::254]", "https://0.0.0.0"})
    void metadataAndLinkLocalAddressesAreRefused(String url, Scene scene) {
        scene.tailnetAt(url, "home", "");
        var refused = scene.awaitCondition(Tailnet.class, "home", "Reachable", "False", "UrlRefused");
        assertThat(refused.message()).contains("an address that a control plane cannot have");
        scene.awaitCondition(Tailnet.class, "home", "Stalled", "True", "UrlRefused");
    }

    @Test
    void credentialsDoNotFollowARedirectOfTheTokenRequest(Scene scene) throws IOException {
        try (var redirecting = new Redirecting(scene.simulator().url(), false)) {
            scene.tailnetAt(redirecting.url(), "home", "");
            assertRefused(scene, redirecting);
            assertThat(redirecting.asked()).contains("/api/v2/oauth/token");
        }
    }

    @Test
    void theTokenDoesNotFollowARedirectEither(Scene scene) throws IOException {
        try (var redirecting = new Redirecting(scene.simulator().url(), true)) {
            scene.tailnetAt(redirecting.url(), "home", "");
            assertRefused(scene, redirecting);
            assertThat(redirecting.asked()).anyMatch(path -> path.startsWith("/api/v2/tailnet/"));
        }
    }

    private static void assertRefused(Scene scene, Redirecting redirecting) {
        // A busy machine may have answered too late at first, which is the same reason with other words.
        scene.soon()
                .untilAsserted(() -> assertThat(scene.condition(Tailnet.class, "home", "Reachable")
                                .map(condition -> condition.reason() + " " + condition.message())
                                .orElse(""))
                        .startsWith("ControlPlaneUnavailable ")
                        .contains("redirects (HTTP 307)")
                        .contains("not followed"));
        var soFar = redirecting.asked().size();
        scene.soon().until(() -> redirecting.asked().size() > soFar + 2);
        assertThat(scene.ledger().calls())
                .as("calls that reached the other host")
                .isEmpty();
    }

    /** Sends everybody on to another place; gives out a token first if it is told to. */
    private static final class Redirecting implements AutoCloseable {
        private final HttpServer server;
        private final String target;
        private final boolean givesTokens;
        private final List<String> asked = new CopyOnWriteArrayList<>();

        Redirecting(String target, boolean givesTokens) throws IOException {
            this.target = target;
            this.givesTokens = givesTokens;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                var path = exchange.getRequestURI().getRawPath();
                asked.add(path);
                if (givesTokens && path.endsWith("/oauth/token")) {
                    var token = """
                            {"access_token": "tskey-access-1", "token_type": "Bearer", "expires_in": 3600, "scope": "all"}
                            """.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, token.length);
                    exchange.getResponseBody().write(token);
                } else {
                    exchange.getResponseHeaders().add("Location", target + path);
                    exchange.sendResponseHeaders(307, -1);
                }
            }
        }

        String url() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort())
                    .toString();
        }

        List<String> asked() {
            return asked;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
